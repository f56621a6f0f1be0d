import { type Interface, newSection, readBlock, type Section } from './block.ts'
import { u32 } from './bytes.ts'
import { blockLength, endless, mostPiece, packetLength } from './cut.ts'
import { formatAt, type Pcap, pcapHead, read32, sectionAt, sectionType } from './format.ts'
import type { Frame } from './frame.ts'

/** What a record was: a packet in the frame, something else, or nothing that can be read. */
export type RecordSays = 'packet' | 'other' | { says: string }

/** What must be known to go on with a capture in the middle. */
export interface ReaderState {
  pcap?: Pcap
  section?: { isLittle: boolean; interfaces: Interface[] }
  /** Bytes of the record that is read that are still to come. */
  left: number
  isBroken: boolean
}

/** How far a capture was read. */
interface Reading {
  frame: Frame
  pcap: Pcap | undefined
  section: Section | undefined
  left: number
  /** Nothing that follows can be read. */
  isBroken: boolean
  /** Packets that were lost in the sections before. */
  drops: number
}

const says = {
  noCapture: 'The file is no capture.',
  breaksOff: 'The capture breaks off here.',
  noOrder: 'The header of a section says no byte order: what follows cannot be read.',
  noLength: 'A block says a length that none can have: what follows cannot be read.',
  malformed: 'A block is not what its type says.',
}

/** Reads the records of one capture, as `captures` cuts them, in their order. */
export function captureReader(frame: Frame, saved?: ReaderState) {
  const reading: Reading = {
    frame,
    pcap: saved?.pcap,
    section: saved?.section && { ...newSection(saved.section.isLittle), interfaces: saved.section.interfaces },
    left: saved?.left ?? 0,
    isBroken: saved?.isBroken ?? false,
    drops: 0,
  }
  return {
    read: (bytes: Uint8Array): RecordSays => read(reading, bytes),
    /** Why the end of the records is not the end of the capture. */
    end: (): string | undefined => (reading.left > 0 && !reading.isBroken ? says.breaksOff : undefined),
    isCapture: () => reading.pcap !== undefined || reading.section !== undefined,
    /** Packets that were lost while capturing, as far as the capture tells. */
    drops: () => reading.drops + dropsOf(reading.section),
    state(): ReaderState {
      const { pcap, section, left, isBroken } = reading
      return {
        ...(pcap !== undefined && { pcap }),
        ...(section !== undefined && { section: { isLittle: section.isLittle, interfaces: section.interfaces } }),
        left,
        isBroken,
      }
    },
  }
}

function read(reading: Reading, bytes: Uint8Array): RecordSays {
  if (reading.isBroken) return 'other'
  if (reading.left > 0) {
    reading.left = Math.max(0, reading.left - bytes.length)
    return 'other'
  }
  if (reading.pcap !== undefined) return packet(reading, bytes, reading.pcap)
  return reading.section === undefined ? begin(reading, bytes) : block(reading, bytes)
}

function broken(reading: Reading, text: string): RecordSays {
  reading.isBroken = true
  return { says: text }
}

function begin(reading: Reading, bytes: Uint8Array): RecordSays {
  const format = formatAt(bytes, 0)
  if (format === undefined || format === 'none') return broken(reading, says.noCapture)
  if (format.kind === 'pcapng') return block(reading, bytes)
  reading.pcap = format
  return bytes.length === pcapHead ? 'other' : broken(reading, says.noCapture)
}

/** Seconds, fraction, length captured, length on the wire; then, where Kuznetzov's libpcap wrote, 8 bytes more. */
function packet(reading: Reading, bytes: Uint8Array, format: Pcap): RecordSays {
  const length = packetLength(bytes, 0, format)
  if (length === undefined) return broken(reading, says.breaksOff)
  const { frame } = reading
  const { isLittle, recordHead, digits } = format
  const word = read32(isLittle)
  frame.bytes = bytes
  frame.from = recordHead
  frame.to = bytes.length
  frame.length = Math.max(word(bytes, 12), bytes.length - recordHead)
  frame.linkType = format.linkType
  frame.seconds = word(bytes, 0)
  frame.nanos = word(bytes, 4) * (digits === 6 ? 1000 : 1)
  frame.digits = digits
  return unlessTorn(reading, bytes, length) ?? 'packet'
}

/** Undefined where the record is whole, or its first piece is. */
function unlessTorn(reading: Reading, bytes: Uint8Array, length: number): RecordSays | undefined {
  if (bytes.length < Math.min(length, mostPiece)) return broken(reading, says.breaksOff)
  reading.left = length - bytes.length
  return undefined
}

function block(reading: Reading, bytes: Uint8Array): RecordSays {
  const section = sectionOf(reading, bytes)
  if (section === undefined) return broken(reading, bytes.length < 12 ? says.breaksOff : says.noOrder)
  const length = blockLength(bytes, 0, { kind: 'pcapng', isLittle: section.isLittle })
  if (length === undefined) return broken(reading, says.breaksOff)
  if (length === endless) return broken(reading, says.noLength)
  const torn = unlessTorn(reading, bytes, length)
  if (torn !== undefined) return torn
  const kind = readBlock(bytes, section, reading.frame)
  return kind === 'malformed' ? { says: says.malformed } : kind
}

/** The section that a block belongs to, or begins. */
function sectionOf(reading: Reading, bytes: Uint8Array): Section | undefined {
  if (u32(bytes, 0) !== sectionType) return reading.section
  const format = sectionAt(bytes, 0)
  if (format === undefined || format === 'none') return undefined
  reading.drops += dropsOf(reading.section)
  reading.section = newSection(format.isLittle)
  return reading.section
}

function dropsOf(section: Section | undefined): number {
  if (section === undefined) return 0
  return section.interfaces.reduce((sum, { drops }) => sum + drops, section.drops)
}
