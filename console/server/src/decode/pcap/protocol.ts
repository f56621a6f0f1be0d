import type { Datagram } from './beginning.ts'

/** What a protocol was found to be. */
export interface Found {
  /** For `network.protocol`. */
  name: string
  /** ECS fields by their first name. */
  fields?: Readonly<Record<string, unknown>>
  /** What ECS has no field for. */
  own?: Readonly<Record<string, unknown>>
}

/** A protocol over TCP. `asks` is what the source sent first, `answers` what the destination did; one may be empty. */
export interface StreamProtocol {
  name: string
  finds(asks: Uint8Array, answers: Uint8Array): Found | undefined
}

/** A protocol over UDP; one of both may be empty. */
export interface DatagramProtocol {
  name: string
  finds(asks: readonly Datagram[], answers: readonly Datagram[], to: Receiver): Found | undefined
}

/** Who gets what is asked. */
export interface Receiver {
  address: string
}

/** Text of a stranger is kept in an event as far as it is needed to know it. */
export const mostText = 1024
