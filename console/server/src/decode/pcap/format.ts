import { u16, u16le, u32, u32le } from './bytes.ts'

/** A pcap file (draft-ietf-opsawg-pcap): all that its header says. */
export interface Pcap {
  kind: 'pcap'
  isLittle: boolean
  /** Digits of the fraction of a second: 6 or 9. */
  digits: 6 | 9
  /** Bytes before each packet: 16, or 24 where Kuznetzov's modification of libpcap wrote the file. */
  recordHead: 16 | 24
  linkType: number
}

/** A section of a pcapng file (draft-ietf-opsawg-pcapng). */
export interface Pcapng {
  kind: 'pcapng'
  isLittle: boolean
}

export const pcapHead = 24
/** Type, length, byte order. */
const sectionHead = 12
export const sectionType = 0x0a0d0d0a

const magics = new Map<number, Pick<Pcap, 'digits' | 'recordHead'>>([
  [0xa1b2c3d4, { digits: 6, recordHead: 16 }],
  [0xa1b23c4d, { digits: 9, recordHead: 16 }],
  [0xa1b2cd34, { digits: 6, recordHead: 24 }],
])

export type Read16 = (bytes: Uint8Array, at: number) => number
export type Read32 = (bytes: Uint8Array, at: number) => number

export const read16 = (isLittle: boolean): Read16 => (isLittle ? u16le : u16)
export const read32 = (isLittle: boolean): Read32 => (isLittle ? u32le : u32)

/** What begins at `at`: undefined where more bytes must tell, `none` for what is no capture. */
export function formatAt(bytes: Uint8Array, at: number): Pcap | Pcapng | 'none' | undefined {
  const first = u32(bytes, at)
  if (first < 0) return undefined
  if (first === sectionType) return sectionAt(bytes, at)
  const isLittle = !magics.has(first)
  const magic = magics.get(isLittle ? u32le(bytes, at) : first)
  if (magic === undefined) return 'none'
  if (at + pcapHead > bytes.length) return undefined
  // Version 2.4 since 1998; the upper half of the last word tells of checksums.
  if (read16(isLittle)(bytes, at + 4) !== 2) return 'none'
  return { kind: 'pcap', isLittle, ...magic, linkType: read32(isLittle)(bytes, at + 20) & 0xffff }
}

export function sectionAt(bytes: Uint8Array, at: number): Pcapng | 'none' | undefined {
  if (at + sectionHead > bytes.length) return undefined
  if (u32(bytes, at + 8) === 0x1a2b3c4d) return { kind: 'pcapng', isLittle: false }
  return u32le(bytes, at + 8) === 0x1a2b3c4d ? { kind: 'pcapng', isLittle: true } : 'none'
}
