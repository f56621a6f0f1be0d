import type { Datagram, Stream } from './beginning.ts'
import type { Frame } from './frame.ts'
import type { Layers, Tunnel } from './layers.ts'

/** Why a flow is told. */
export type End =
  | 'fin' // both sides finished
  | 'reset'
  | 'reused' // a new connection between the same ends
  | 'idle'
  | 'full' // more flows at once than are held
  | 'capture' // the capture ended

/** What one end of a flow sent. */
export interface Sent {
  packets: number
  /** On the wire, with all headers. */
  bytes: number
  /** All TCP flags that were seen. */
  flags: number
  /** Of TCP. */
  stream: Stream | undefined
  /** Of UDP. */
  datagrams: Datagram[] | undefined
}

export interface Time {
  seconds: number
  nanos: number
  /** As `Frame` has it. */
  digits: number
}

/** Packets between two ends. The source is who sent the first packet, or the SYN. */
export interface Flow {
  isIpv6: boolean
  source: Layers['source']
  destination: Layers['destination']
  sourcePort: number
  destinationPort: number
  protocol: number
  isOneWay: boolean
  vlan: number
  innerVlan: number
  tunnels: Tunnel[] | undefined
  /** By the source and by the destination. */
  request: Sent
  reply: Sent
  first: Time
  last: Time
  /** Ids of the records. */
  firstRecord: string
  lastRecord: string
  /** Set once it is closed: it lingers for what is late. */
  closed: 'fin' | 'reset' | undefined
  /** Of the table. */
  hash: number
  sameHash: Flow | undefined
  older: Flow | undefined
  newer: Flow | undefined
  touched: number
  held: number
}

export const tcpFlags = { fin: 1, syn: 2, reset: 4, push: 8, acknowledgement: 16, urgent: 32, echo: 64, reduced: 128 }

const newSent = (): Sent => ({ packets: 0, bytes: 0, flags: 0, stream: undefined, datagrams: undefined })

/** @param isSwapped the packet is an answer: its destination began */
export function newFlow(layers: Layers, frame: Frame, { id, isSwapped }: { id: string; isSwapped: boolean }): Flow {
  const [source, destination] = [[...layers.source] as const, [...layers.destination] as const]
  return {
    isIpv6: layers.isIpv6,
    source: isSwapped ? [...destination] : [...source],
    destination: isSwapped ? [...source] : [...destination],
    sourcePort: isSwapped ? layers.destinationPort : layers.sourcePort,
    destinationPort: isSwapped ? layers.sourcePort : layers.destinationPort,
    protocol: layers.protocol,
    isOneWay: layers.isOneWay,
    vlan: layers.vlan,
    innerVlan: layers.innerVlan,
    tunnels: layers.tunnels,
    request: newSent(),
    reply: newSent(),
    first: { seconds: frame.seconds, nanos: frame.nanos, digits: frame.digits },
    last: { seconds: frame.seconds, nanos: frame.nanos, digits: frame.digits },
    firstRecord: id,
    lastRecord: id,
    closed: undefined,
    hash: 0,
    sameHash: undefined,
    older: undefined,
    newer: undefined,
    touched: 0,
    held: 0,
  }
}

/** True when the packet goes from the source of the flow to its destination. */
export function isRequest(flow: Flow, layers: Layers): boolean {
  return (
    flow.sourcePort === layers.sourcePort &&
    flow.destinationPort === layers.destinationPort &&
    isSame(flow.source, layers.source) &&
    isSame(flow.destination, layers.destination)
  )
}

export function isReply(flow: Flow, layers: Layers): boolean {
  return (
    !flow.isOneWay &&
    flow.sourcePort === layers.destinationPort &&
    flow.destinationPort === layers.sourcePort &&
    isSame(flow.source, layers.destination) &&
    isSame(flow.destination, layers.source)
  )
}

function isSame(a: Layers['source'], b: Layers['source']): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3]
}

/** Nanoseconds from the first packet to the last; 0 where the clock went back. */
export function durationOf({ first, last }: Flow): number {
  return Math.max(0, (last.seconds - first.seconds) * 1e9 + last.nanos - first.nanos)
}
