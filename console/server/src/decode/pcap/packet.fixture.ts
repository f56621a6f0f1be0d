import type { Event } from '../decoder.ts'
import { recordOf } from '../recorded.fixture.ts'
import { captures } from './cut.ts'
import { pcap } from './index.ts'

/** Packets made by hand, for what no recording shows. */
export const bytesOf = (...parts: readonly (number | string | Uint8Array)[]) =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'number'
        ? Buffer.of(part)
        : Buffer.from(part as string, typeof part === 'string' ? 'latin1' : undefined),
    ),
  )

export const two = (value: number) => Buffer.of((value >> 8) & 0xff, value & 0xff)
export const four = (value: number) => Buffer.concat([two(value >>> 16), two(value)])
export const little = (bytes: Buffer) => Buffer.from(bytes).reverse()
export const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

export interface Ends {
  from: string
  to: string
  fromPort: number
  toPort: number
}

export const ends: Ends = { from: '192.0.2.1', to: '198.51.100.2', fromPort: 50_000, toPort: 443 }
export const back = ({ from, to, fromPort, toPort }: Ends): Ends => ({
  from: to,
  to: from,
  fromPort: toPort,
  toPort: fromPort,
})

const address = (text: string) => Buffer.from(text.split('.').map(Number))

export function ipv4(protocol: number, { from, to }: Ends, payload: Uint8Array, fragment = 0): Buffer {
  const head = [0x45, 0, two(20 + payload.length), two(7), two(fragment), 64, protocol, two(0)]
  return bytesOf(...head, address(from), address(to), payload)
}

export function ipv6(next: number, payload: Uint8Array, length = payload.length): Buffer {
  const [from, to] = [hex('20010db8000000000000000000000001'), hex('20010db8000000000000000000000002')]
  return bytesOf(four(0x60000000), two(length), next, 64, from, to, payload)
}

export function udp({ fromPort, toPort }: Ends, payload: Uint8Array): Buffer {
  return bytesOf(two(fromPort), two(toPort), two(8 + payload.length), two(0), payload)
}

export interface Segment {
  flags?: number
  sequence?: number
  payload?: string | Uint8Array
}

export const [fin, syn, reset, acknowledgement] = [1, 2, 4, 16]

export function tcp({ fromPort, toPort }: Ends, { flags = 16, sequence = 1, payload = '' }: Segment): Buffer {
  return bytesOf(two(fromPort), two(toPort), four(sequence), four(0), 0x50, flags, two(8192), four(0), payload)
}

export const ethernet = (payload: Uint8Array, type = 0x0800) =>
  bytesOf(hex('020000000002 020000000001'), two(type), payload)

export const udpFrame = (of: Ends, payload: Uint8Array | string) => ethernet(ipv4(17, of, udp(of, bytesOf(payload))))
export const tcpFrame = (of: Ends, segment: Segment) => ethernet(ipv4(6, of, tcp(of, segment)))

export interface Captured {
  bytes: Uint8Array
  seconds?: number
  /** In the units of the file. */
  fraction?: number
  length?: number
}

export interface FileForm {
  magic?: number
  isLittle?: boolean
  linkType?: number
}

/** A pcap file, as libpcap writes it. */
export function pcapFile(packets: readonly (Captured | Uint8Array)[], form: FileForm = {}): Buffer {
  const { magic = 0xa1b2c3d4, isLittle = true, linkType = 1 } = form
  const order = (value: Buffer) => (isLittle ? little(value) : value)
  const extra = magic === 0xa1b2cd34 ? Buffer.alloc(8) : Buffer.alloc(0)
  const records = packets.map((packet, i) => {
    const { bytes, seconds = 1_700_000_000 + i, fraction = 0, length } = 'bytes' in packet ? packet : { bytes: packet }
    const head = [seconds, fraction, bytes.length, length ?? bytes.length].map((value) => order(four(value)))
    return bytesOf(...head, extra, bytes)
  })
  const head = [order(four(magic)), order(two(2)), order(two(4)), four(0), four(0), order(four(262_144))]
  return bytesOf(...head, order(four(linkType)), ...records)
}

/** A block of pcapng: its body is filled up to words. */
export function block(type: number, body: Uint8Array, isLittle = true): Buffer {
  const order = (value: Buffer) => (isLittle ? little(value) : value)
  const padded = bytesOf(body, Buffer.alloc((4 - (body.length % 4)) % 4))
  const length = order(four(padded.length + 12))
  return bytesOf(order(four(type)), length, padded, length)
}

/** Events of a capture, cut into records as `decodeFile` does. */
export function eventsOfFile(file: Uint8Array): Event[] {
  const decoding = pcap.start({})
  const cut = captures.begin()
  const events: Event[] = []
  let at = 0
  for (let piece = cut(file, at); piece !== undefined; piece = cut(file, at)) {
    events.push(...decoding.push({ ...recordOf(file.subarray(at, piece.end)), id: `file:${at}` }))
    at = piece.next
  }
  if (at < file.length) events.push(...decoding.push({ ...recordOf(file.subarray(at)), id: `file:${at}` }))
  return [...events, ...decoding.end()]
}

export const flowsOf = (events: readonly Event[]) => events.filter(({ event }) => event.action === 'network-flow')
export const summaryOf = (events: readonly Event[]) => events.find(({ event }) => event.action === 'capture-read')
export const errorsOf = (events: readonly Event[]) => events.flatMap(({ error }) => error?.message ?? [])
