import { u8, u16, u16le, u24, u32 } from './bytes.ts'
import type { Layers } from './layers.ts'

/** What a link layer carries, by its number of Ethernet (IEEE 802 numbers of IANA). */
export const ethertype = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  vlan: 0x8100,
  qinq: 0x88a8,
  oldQinq: 0x9100,
  mpls: 0x8847,
  mplsUp: 0x8848,
  pppoe: 0x8864,
  ethernet: 0x6558,
  ppp: 0x880b,
} as const

/** What cannot be a number of Ethernet. */
const nothing = 0

/**
 * Reads the header of a link layer (https://www.tcpdump.org/linktypes.html) and says what follows it.
 * Undefined for a link type that is not read.
 */
export function linkHeader(layers: Layers, linkType: number): number | undefined {
  return readers.get(linkType)?.(layers)
}

const readers = new Map<number, (layers: Layers) => number>([
  [0, loopback],
  [1, ethernet],
  [9, ppp],
  [12, rawIp],
  [14, rawIp],
  [50, ppp],
  [51, pppoe],
  [101, rawIp],
  [104, ciscoHdlc],
  [105, wireless],
  [108, loopback],
  [113, (layers) => skip(layers, 16, 14)],
  [127, radiotap],
  [228, () => ethertype.ipv4],
  [229, () => ethertype.ipv6],
  [276, (layers) => skip(layers, 20, 0)],
])

/** A header of a fixed length in which the number of what follows stands at `at`. */
function skip(layers: Layers, length: number, at: number): number {
  const type = u16(layers.bytes, layers.at + at)
  layers.at += length
  return type
}

function ethernet(layers: Layers): number {
  const type = skip(layers, 14, 12)
  // IEEE 802.3: below this it is a length, then comes LLC.
  return type >= 0x600 ? type : logicalLink(layers)
}

/** RFC 1042: SNAP with no organization goes on with a number of Ethernet. */
function logicalLink(layers: Layers): number {
  const { bytes, at } = layers
  const isSnap = u24(bytes, at) === 0xaaaa03 && u24(bytes, at + 3) === 0
  return isSnap ? skip(layers, 8, 6) : nothing
}

/** The family of BSD sockets in the byte order of the host that captured. */
function loopback(layers: Layers): number {
  const { bytes, at } = layers
  const family = Math.max(u8(bytes, at), u8(bytes, at + 3))
  layers.at += 4
  if (family === 2) return ethertype.ipv4
  // NetBSD and Linux, FreeBSD, macOS.
  return family === 10 || family === 24 || family === 28 || family === 30 ? ethertype.ipv6 : nothing
}

export function rawIp({ bytes, at }: Layers): number {
  const version = u8(bytes, at) >> 4
  if (version === 4) return ethertype.ipv4
  return version === 6 ? ethertype.ipv6 : nothing
}

/** RFC 1662: address and control may be left out, and the protocol may be one byte. Cisco HDLC has other addresses. */
function ppp(layers: Layers): number {
  const { bytes } = layers
  const address = u16(bytes, layers.at)
  if (address === 0x0f00 || address === 0x8f00) return ciscoHdlc(layers)
  if (address === 0xff03) layers.at += 2
  const isShort = (u8(bytes, layers.at) & 1) === 1
  const protocol = isShort ? u8(bytes, layers.at) : u16(bytes, layers.at)
  layers.at += isShort ? 1 : 2
  if (protocol === 0x21) return ethertype.ipv4
  if (protocol === 0x57) return ethertype.ipv6
  return protocol === 0x281 ? ethertype.mpls : nothing
}

function ciscoHdlc(layers: Layers): number {
  return skip(layers, 4, 2)
}

/** RFC 2516: version and type 1, session data; its length bounds what follows. */
function pppoe(layers: Layers): number {
  const { bytes, at } = layers
  if (u16(bytes, at) !== 0x1100) return nothing
  layers.at += 6
  return ppp(layers)
}

function radiotap(layers: Layers): number {
  const { bytes, at } = layers
  if (u8(bytes, at) !== 0) return nothing
  layers.at += Math.max(8, u16le(bytes, at + 2))
  return wireless(layers)
}

/** IEEE 802.11: data frames that are not encrypted. */
function wireless(layers: Layers): number {
  const { bytes, at } = layers
  const [kind, flags] = [u8(bytes, at), u8(bytes, at + 1)]
  const isData = (kind & 0x0f) === 0x08 && (kind & 0x40) === 0
  const isProtected = (flags & 0x40) !== 0
  if (kind < 0 || flags < 0 || !isData || isProtected) return nothing
  const hasFourAddresses = (flags & 3) === 3
  const isQos = (kind & 0x80) !== 0
  layers.at += 24 + (hasFourAddresses ? 6 : 0) + (isQos ? 2 : 0)
  return logicalLink(layers)
}

/** Reads on through tags and labels: VLAN, MPLS, PPPoE. */
export function throughTags(layers: Layers, first: number): number {
  let type = first
  for (let count = 0; count < mostTags; count++) {
    if (type === ethertype.vlan || type === ethertype.qinq || type === ethertype.oldQinq) type = vlanTag(layers)
    else if (type === ethertype.mpls || type === ethertype.mplsUp) type = mplsLabel(layers, type)
    else if (type === ethertype.pppoe) type = pppoe(layers)
    else if (type === ethertype.ethernet) type = ethernet(layers)
    else if (type === ethertype.ppp) type = ppp(layers)
    else return type
  }
  return nothing
}

const mostTags = 16

function vlanTag(layers: Layers): number {
  const id = u16(layers.bytes, layers.at) & 0x0fff
  if (layers.vlan < 0) layers.vlan = id
  else layers.innerVlan = id
  return skip(layers, 4, 2)
}

/** RFC 3032: the last label has the bit S; what follows it must tell itself. */
function mplsLabel(layers: Layers, type: number): number {
  const label = u32(layers.bytes, layers.at)
  layers.at += 4
  if (label < 0) return nothing
  if ((label & 0x100) === 0) return type
  const ip = rawIp(layers)
  if (ip !== nothing) return ip
  // A pseudowire: a control word of zeros (RFC 4448), then Ethernet.
  if (u32(layers.bytes, layers.at) === 0) layers.at += 4
  return ethertype.ethernet
}
