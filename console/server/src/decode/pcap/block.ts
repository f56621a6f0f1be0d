import { u8 } from './bytes.ts'
import { type Clock, clockOf, micros, setTime } from './clock.ts'
import type { Read32 } from './format.ts'
import { read16, read32 } from './format.ts'
import type { Frame } from './frame.ts'

/** An interface that packets of a section were captured on. */
export interface Interface {
  linkType: number
  /** 0 for no limit. */
  snapLength: number
  /** Absent where its time stamps cannot be kept. */
  clock?: Clock
  /** As the latest statistics of the section count what was lost: by the interface and by the system. */
  drops: number
}

/** More interfaces than this are not told apart: no capture has them. */
const mostInterfaces = 256

/** Block types of draft-ietf-opsawg-pcapng, section 4; type 2 is the obsolete packet block. */
const types = { interface: 1, packet: 2, simple: 3, statistics: 5, enhanced: 6 }

/** Option codes of the same section. */
const options = { end: 0, resolution: 9, offset: 14, interfaceDrops: 5, systemDrops: 7, packetDrops: 4 }

export type BlockSays = 'packet' | 'other' | 'malformed'

/** Reads blocks of one section. A packet goes into `frame`; what else matters into `interfaces`. */
export function readBlock(bytes: Uint8Array, section: Section, frame: Frame): BlockSays {
  const { word } = section
  const type = word(bytes, 0)
  if (type === types.enhanced) return packetBlock(bytes, section, frame, { interfaceId: word(bytes, 8) })
  if (type === types.packet)
    return packetBlock(bytes, section, frame, { interfaceId: read16(section.isLittle)(bytes, 8) })
  if (type === types.simple) return simpleBlock(bytes, section, frame)
  if (type === types.interface) return interfaceBlock(bytes, section)
  if (type === types.statistics) return statisticsBlock(bytes, section)
  return 'other'
}

export interface Section {
  isLittle: boolean
  word: Read32
  interfaces: Interface[]
  /** As packet blocks themselves tell it. */
  drops: number
}

export function newSection(isLittle: boolean): Section {
  return { isLittle, word: read32(isLittle), interfaces: [], drops: 0 }
}

/** Interface, time stamp, captured length, length on the wire, the packet, options: enhanced and obsolete alike. */
function packetBlock(
  bytes: Uint8Array,
  section: Section,
  frame: Frame,
  { interfaceId }: { interfaceId: number },
): BlockSays {
  const from = 28
  const { word } = section
  const at = section.interfaces[interfaceId]
  const captured = word(bytes, 20)
  if (at === undefined || captured < 0 || bytes.length < from) return 'malformed'
  setPacket(frame, bytes, { from, captured, length: word(bytes, 24) })
  frame.linkType = at.linkType
  if (at.clock === undefined) frame.digits = -1
  else setTime(frame, word(bytes, 12), word(bytes, 16), at.clock)
  const optionsAt = from + Math.ceil(captured / 4) * 4
  if (optionsAt + 16 <= bytes.length) section.drops += dropsIn(bytes, optionsAt, section, [options.packetDrops])
  return 'packet'
}

/** No time, and always the first interface. */
function simpleBlock(bytes: Uint8Array, section: Section, frame: Frame): BlockSays {
  const from = 12
  const [first] = section.interfaces
  const length = section.word(bytes, 8)
  if (first === undefined || length < 0) return 'malformed'
  const captured = first.snapLength === 0 ? length : Math.min(length, first.snapLength)
  setPacket(frame, bytes, { from, captured, length })
  frame.linkType = first.linkType
  frame.digits = -1
  return 'packet'
}

/** Every block ends with its length once more. */
function setPacket(
  frame: Frame,
  bytes: Uint8Array,
  { from, captured, length }: { from: number; captured: number; length: number },
): void {
  frame.bytes = bytes
  frame.from = from
  frame.to = Math.max(from, Math.min(from + captured, bytes.length - 4))
  frame.length = Math.max(length, frame.to - from)
}

function interfaceBlock(bytes: Uint8Array, section: Section): BlockSays {
  const { interfaces, word } = section
  const snapLength = word(bytes, 12)
  if (snapLength < 0) return 'malformed'
  if (interfaces.length >= mostInterfaces) return 'other'
  let [resolution, offset] = [6, 0]
  eachOption(bytes, 16, section, (code, at, length) => {
    if (code === options.resolution && length === 1) resolution = u8(bytes, at)
    if (code === options.offset && length === 8) offset = signed64(bytes, at, section)
  })
  const clock = resolution === 6 && offset === 0 ? micros : clockOf(resolution, offset)
  const linkType = read16(section.isLittle)(bytes, 8)
  interfaces.push({ linkType, snapLength, drops: 0, ...(clock !== undefined && { clock }) })
  return 'other'
}

function statisticsBlock(bytes: Uint8Array, section: Section): BlockSays {
  const at = section.interfaces[section.word(bytes, 8)]
  if (at === undefined) return 'malformed'
  at.drops = dropsIn(bytes, 20, section, [options.interfaceDrops, options.systemDrops])
  return 'other'
}

function dropsIn(bytes: Uint8Array, from: number, section: Section, codes: readonly number[]): number {
  let drops = 0
  eachOption(bytes, from, section, (code, at, length) => {
    if (codes.includes(code) && length === 8) drops += Math.max(0, signed64(bytes, at, section))
  })
  return drops
}

/** Code, length, value, padding to 4 bytes; the last 4 bytes of a block are its length. */
function eachOption(
  bytes: Uint8Array,
  from: number,
  { isLittle }: Section,
  visit: (code: number, at: number, length: number) => void,
): void {
  const half = read16(isLittle)
  for (let at = from; at + 8 <= bytes.length; ) {
    const [code, length] = [half(bytes, at), half(bytes, at + 2)]
    if (code === options.end || at + 4 + length > bytes.length - 4) return
    visit(code, at + 4, length)
    at += 4 + Math.ceil(length / 4) * 4
  }
}

function signed64(bytes: Uint8Array, at: number, { isLittle, word }: Section): number {
  const [high, low] = isLittle ? [word(bytes, at + 4), word(bytes, at)] : [word(bytes, at), word(bytes, at + 4)]
  return (high | 0) * 2 ** 32 + low
}
