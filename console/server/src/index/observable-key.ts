import type { ObservableType } from '@tidewaiter/protocol/api'
import ipaddr from 'ipaddr.js'

/** Numbers of the kinds of value in the table of observables. Never renumbered. `cidr` names networks and is never seen itself. */
export const observableTypes = [
  'ip',
  'domain',
  'url',
  'sha256',
  'sha1',
  'md5',
  'email',
  'account',
  'file-name',
  'file-path',
  'port',
] as const satisfies readonly ObservableType[]
export type SeenType = (typeof observableTypes)[number]

export function typeNumber(type: SeenType): number {
  return observableTypes.indexOf(type)
}

export function typeOfNumber(number: number): SeenType {
  const type = observableTypes[number]
  if (type === undefined) throw new RangeError(`there is no observable type ${number}`)
  return type
}

/**
 * How a value is sorted: addresses by their bytes and domains by their labels from the right, so that a network and a
 * domain with what is below it are one range each. Reversible by `valueOfKey`.
 * @param value in its normal form
 */
export function keyOf(type: SeenType, value: string): string {
  if (type === 'ip') return addressKey(value) ?? `?${value}`
  if (type === 'domain') return domainKey(value)
  return value
}

export function valueOfKey(type: SeenType, key: string): string {
  if (type === 'ip') return key.startsWith('?') ? key.slice(1) : addressOfKey(key)
  if (type === 'domain') return key.slice(0, -1).split('.').toReversed().join('.')
  return key
}

function domainKey(domain: string): string {
  return `${domain.split('.').toReversed().join('.')}.`
}

/** `4` and 8 hex digits, or `6` and 32; undefined for what is no address. */
export function addressKey(address: string): string | undefined {
  if (fourBytes.test(address)) return `4${hex(address.split('.').map(Number))}`
  if (!ipaddr.isValid(address)) return undefined
  // `process` turns an IPv4-mapped IPv6 address into the IPv4 address it stands for.
  const parsed = ipaddr.process(address)
  return `${parsed.kind() === 'ipv4' ? '4' : '6'}${hex(parsed.toByteArray())}`
}

function addressOfKey(key: string): string {
  const bytes =
    key
      .slice(1)
      .match(/../g)
      ?.map((pair) => Number.parseInt(pair, 16)) ?? []
  return canonical(ipaddr.fromByteArray(bytes))
}

const byte = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
/** Its one spelling. Shorthand such as `1.2` or `0x7f.1` is an address to ipaddr.js and to no log. */
const fourBytes = new RegExp(`^${byte}(?:\\.${byte}){3}$`)

/** The one spelling of an address (RFC 5952), without the zone; undefined for what is no address. */
export function normalAddress(text: string): string | undefined {
  const address = text.split('%', 1)[0] ?? ''
  if (fourBytes.test(address)) return address
  if (!address.includes(':') || !/^[0-9a-fA-F:.]{2,45}$/.test(address)) return undefined
  return ipaddr.isValid(address) ? canonical(ipaddr.process(address)) : undefined
}

function canonical(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString()
}

export interface KeyRange {
  /** Both inclusive. */
  from: string
  to: string
}

/** Keys of the addresses in a network such as `10.0.0.0/8`; undefined for what is none. */
export function networkRange(cidr: string): KeyRange | undefined {
  if (!ipaddr.isValidCIDR(cidr)) return undefined
  const [address, bits] = ipaddr.parseCIDR(cidr)
  const first = address.toByteArray()
  const last = [...first]
  for (let i = 0; i < first.length; i++) {
    const mask = (0xff00 >> Math.min(8, Math.max(0, bits - i * 8))) & 0xff
    first[i] = (first[i] ?? 0) & mask
    last[i] = (last[i] ?? 0) | (~mask & 0xff)
  }
  const kind = address.kind() === 'ipv4' ? '4' : '6'
  return { from: kind + hex(first), to: kind + hex(last) }
}

/** Keys of a domain and all below it. */
export function domainRange(domain: string): KeyRange {
  const key = domainKey(domain)
  return { from: key, to: `${key}\u{10ffff}` }
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex(bytes: readonly number[]): string {
  let text = ''
  for (const byte of bytes) text += hexOfByte[byte]
  return text
}
