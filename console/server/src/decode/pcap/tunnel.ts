import { toAddress } from './address.ts'
import { u8, u16, u24, u32 } from './bytes.ts'
import type { Layers, Tunnel } from './layers.ts'
import { ethertype, rawIp } from './link.ts'

/** More tunnels than this within each other are not followed. */
const mostTunnels = 4

/** Steps into what a packet of IP carries. Says what it is by its number of Ethernet; 0 where it is no tunnel. */
export function tunnelInIp(layers: Layers): number {
  const { protocol } = layers
  if (protocol === 4 || protocol === 41)
    return enter(layers, 'ipip', layers.at, protocol === 4 ? ethertype.ipv4 : ethertype.ipv6)
  return protocol === 47 ? gre(layers) : 0
}

/**
 * Steps into what a datagram carries. Found by what it says, as all else: VXLAN and GTP may be anywhere, and their
 * ports may carry anything.
 */
export function tunnelInUdp(layers: Layers): number {
  const first = u8(layers.bytes, layers.at)
  if (first === 0x08) return vxlan(layers)
  return first >> 5 === 1 ? gtp(layers) : 0
}

function enter(layers: Layers, type: Tunnel['type'], at: number, inner: number): number {
  if ((layers.tunnels?.length ?? 0) >= mostTunnels) return 0
  layers.tunnels = [
    ...(layers.tunnels ?? []),
    {
      type,
      source: toAddress(layers.source, layers.isIpv6),
      destination: toAddress(layers.destination, layers.isIpv6),
    },
  ]
  layers.at = at
  return inner
}

const [checksum, key, sequence, acknowledgement] = [0x8000, 0x2000, 0x1000, 0x0080]

/** RFC 2784 and 2890; version 1 of PPTP (RFC 2637) carries PPP. */
function gre(layers: Layers): number {
  const { bytes, at } = layers
  const flags = u16(bytes, at)
  const type = u16(bytes, at + 2)
  if (flags < 0 || (flags & 7) > 1) return 0
  const isPptp = (flags & 7) === 1
  // A packet of PPTP without a sequence number only acknowledges.
  if (isPptp && (type !== ethertype.ppp || (flags & sequence) === 0)) return 0
  const optional = [checksum, key, sequence, ...(isPptp ? [acknowledgement] : [])]
  const length = 4 + 4 * optional.filter((flag) => (flags & flag) !== 0).length
  const isCarried = type === ethertype.ipv4 || type === ethertype.ipv6 || type === ethertype.ethernet || isPptp
  if (!isCarried || at + length >= layers.to) return 0
  return enter(layers, 'gre', at + length, type)
}

/** RFC 7348: flag I alone, a network identifier between reserved zeros, then Ethernet with IP that adds up. */
function vxlan(layers: Layers): number {
  const { bytes, at } = layers
  if (u32(bytes, at) !== 0x08000000 || u8(bytes, at + 7) !== 0) return 0
  const type = u16(bytes, at + 20)
  const isIp = (type === ethertype.ipv4 || type === ethertype.ipv6) && isWholeIp(layers, at + 22)
  return isIp || type === ethertype.vlan || type === 0x0806 ? enter(layers, 'vxlan', at + 8, ethertype.ethernet) : 0
}

/** 3GPP TS 29.281: version 1, GTP (not GTP'), G-PDU, a length that is that of the datagram, then IP that adds up. */
function gtp(layers: Layers): number {
  const { bytes, at } = layers
  const flags = u8(bytes, at)
  if (flags >> 4 !== 3 || u8(bytes, at + 1) !== 0xff) return 0
  if (u16(bytes, at + 2) + 8 !== layers.wireTo - at) return 0
  const inner = (flags & 7) === 0 ? at + 8 : afterExtensions(layers, at + 8)
  if (inner < 0 || !isWholeIp(layers, inner)) return 0
  return enter(layers, 'gtp-u', inner, rawIp({ ...layers, at: inner }))
}

/** Sequence number, N-PDU number and type of the next extension; each extension says its length in words. */
function afterExtensions({ bytes, to }: Layers, at: number): number {
  let next = at + 4
  for (let type = u8(bytes, at + 3); type > 0 && next < to; type = u8(bytes, next - 1)) {
    const words = u8(bytes, next)
    if (words <= 0) return -1
    next += words * 4
  }
  return next
}

function isWholeIp({ bytes, wireTo }: Layers, at: number): boolean {
  const version = u8(bytes, at) >> 4
  if (version === 4) return (u8(bytes, at) & 0x0f) >= 5 && at + u16(bytes, at + 2) <= wireTo && u16(bytes, at + 2) >= 20
  return version === 6 && at + 40 + u16(bytes, at + 4) <= wireTo && u24(bytes, at + 4) >= 0
}
