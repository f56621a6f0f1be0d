import { i32, u8, u16, u32 } from './bytes.ts'
import type { Layers } from './layers.ts'

/** Reads the header of IPv4 (RFC 791). False for what is none. */
export function ipv4(layers: Layers): boolean {
  const { bytes, at } = layers
  const first = u8(bytes, at)
  const header = (first & 0x0f) * 4
  if (first >> 4 !== 4 || header < 20 || at + header > layers.to) return false
  const total = u16(bytes, at + 2)
  // 0 where the network card was to cut the packet.
  if (total !== 0 && !limit(layers, at, total, header)) return false
  layers.isIpv6 = false
  setAddress(layers.source, i32(bytes, at + 12))
  setAddress(layers.destination, i32(bytes, at + 16))
  layers.protocol = u8(bytes, at + 9)
  layers.isFragment = (u16(bytes, at + 6) & 0x1fff) !== 0
  layers.at += header
  return true
}

/** Frames are filled up to a least length: the packet says how long it is. */
function limit(layers: Layers, at: number, total: number, header: number): boolean {
  if (total < header) return false
  layers.to = Math.min(layers.to, at + total)
  layers.wireTo = Math.min(layers.wireTo, at + total)
  return true
}

function setAddress(address: Layers['source'], word: number): void {
  address[0] = word
  address[1] = 0
  address[2] = 0
  address[3] = 0
}

const header6 = 40

/** Reads the header of IPv6 (RFC 8200) and those that extend it. False for what is none. */
export function ipv6(layers: Layers): boolean {
  const { bytes, at } = layers
  if (u8(bytes, at) >> 4 !== 6 || at + header6 > layers.to) return false
  const length = u16(bytes, at + 4)
  // 0 for a jumbogram, or where the network card was to cut the packet.
  if (length !== 0) limit(layers, at, header6 + length, header6)
  layers.isIpv6 = true
  for (let i = 0; i < 4; i++) {
    layers.source[i] = i32(bytes, at + 8 + i * 4)
    layers.destination[i] = i32(bytes, at + 24 + i * 4)
  }
  layers.at += header6
  layers.isFragment = false
  layers.protocol = extensions(layers, u8(bytes, at + 6))
  return true
}

const [hopByHop, routing, fragment, authentication, destinationOptions] = [0, 43, 44, 51, 60]
const mostExtensions = 16

/** Skips extension headers; what they carry in the end. Authentication is kept where it stands: it is a protocol too. */
function extensions(layers: Layers, first: number): number {
  let next = first
  for (let count = 0; count < mostExtensions; count++) {
    const { bytes, at } = layers
    const isOptions = next === hopByHop || next === routing || next === destinationOptions
    if (!isOptions && next !== fragment) return next
    if (at + 8 > layers.to) return next
    if (next === fragment) layers.isFragment = u16(bytes, at + 2) >> 3 !== 0
    layers.at += isOptions ? (u8(bytes, at + 1) + 1) * 8 : 8
    next = u8(bytes, at)
    if (layers.isFragment) return next
  }
  return next
}

/** RFC 4302: skips the header, as what follows is not encrypted. */
export function throughAuthentication(layers: Layers): void {
  const { bytes, at } = layers
  if (layers.protocol !== authentication || layers.isFragment || at + 12 > layers.to) return
  layers.at += (u8(bytes, at + 1) + 2) * 4
  layers.protocol = u8(bytes, at)
}

/** Sets ports from the first bytes of TCP, UDP and SCTP; false where they are not there. */
export function ports(layers: Layers): boolean {
  const { bytes, at } = layers
  if (at + 4 > layers.to) return false
  layers.sourcePort = u16(bytes, at)
  layers.destinationPort = u16(bytes, at + 2)
  return true
}

/** RFC 9293: ports, sequence, flags; what follows is the payload. */
export function tcp(layers: Layers): boolean {
  const { bytes, at } = layers
  if (!ports(layers) || at + 14 > layers.to) return false
  const header = (u8(bytes, at + 12) >> 4) * 4
  if (header < 20) return false
  layers.sequence = u32(bytes, at + 4)
  layers.flags = u8(bytes, at + 13)
  layers.at += header
  return true
}

/** RFC 768: the length bounds the payload; 0 where IP says it. */
export function udp(layers: Layers): boolean {
  const { bytes, at } = layers
  if (!ports(layers) || at + 8 > layers.to) return false
  const length = u16(bytes, at + 4)
  if (length !== 0 && !limit(layers, at, length, 8)) return false
  layers.at += 8
  return true
}
