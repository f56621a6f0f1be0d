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

const breaksOff = 'The capture breaks off here.'

/** Reads the records of one capture, as `captures` cuts them, in their order. */
export function captureReader(frame: Frame, saved?: ReaderState) {
  let pcap = saved?.pcap
  let section = saved?.section && { ...newSection({ kind: 'pcapng', ...saved.section }), ...saved.section }
  let left = saved?.left ?? 0
  let isBroken = saved?.isBroken ?? false
  let drops = 0

  /** Nothing after this can be read. */
  function broken(says: string): RecordSays {
    isBroken = true
    return { says }
  }

  function begin(bytes: Uint8Array): RecordSays {
    const format = formatAt(bytes, 0)
    if (format === undefined || format === 'none') return broken('The file is no capture.')
    if (format.kind === 'pcapng') return block(bytes)
    pcap = format
    return bytes.length === pcapHead ? 'other' : broken('The file is no capture.')
  }

  function packet(bytes: Uint8Array, format: Pcap): RecordSays {
    const length = packetLength(bytes, 0, format)
    if (length === undefined) return broken(breaksOff)
    const { isLittle, recordHead } = format
    const word = read32(isLittle)
    frame.bytes = bytes
    frame.from = recordHead
    frame.to = bytes.length
    frame.length = Math.max(word(bytes, 12), bytes.length - recordHead)
    frame.linkType = format.linkType
    frame.seconds = word(bytes, 0)
    frame.nanos = word(bytes, 4) * (format.digits === 6 ? 1000 : 1)
    frame.digits = format.digits
    return begun(bytes, length) ?? 'packet'
  }

  /** Undefined where the record is whole, or its first piece is. */
  function begun(bytes: Uint8Array, length: number): RecordSays | undefined {
    if (bytes.length < Math.min(length, mostPiece)) return broken(breaksOff)
    left = length - bytes.length
    return undefined
  }

  function block(bytes: Uint8Array): RecordSays {
    if (u32(bytes, 0) === sectionType) {
      const format = sectionAt(bytes, 0)
      if (format === undefined) return broken(breaksOff)
      if (format === 'none') return broken('The header of a section says no byte order: what follows cannot be read.')
      drops += dropsOf(section)
      section = newSection(format)
    }
    if (section === undefined) return broken('The file is no capture.')
    const length = blockLength(bytes, 0, { kind: 'pcapng', isLittle: section.isLittle })
    if (length === undefined) return broken(breaksOff)
    if (length === endless) return broken('A block says a length that none can have: what follows cannot be read.')
    const wrong = begun(bytes, length)
    if (wrong !== undefined) return wrong
    const says = readBlock(bytes, section, frame)
    return says === 'malformed' ? { says: 'A block is not what its type says.' } : says
  }

  return {
    read(bytes: Uint8Array): RecordSays {
      if (isBroken) return 'other'
      if (left > 0) {
        left = Math.max(0, left - bytes.length)
        return 'other'
      }
      if (pcap !== undefined) return packet(bytes, pcap)
      return section === undefined ? begin(bytes) : block(bytes)
    },
    /** Why the end of the records is not the end of the capture. */
    end: (): string | undefined => (left > 0 && !isBroken ? breaksOff : undefined),
    isCapture: () => pcap !== undefined || section !== undefined,
    /** Packets that were lost while capturing, as far as the capture tells. */
    drops: () => drops + dropsOf(section),
    state(): ReaderState {
      return {
        ...(pcap !== undefined && { pcap }),
        ...(section !== undefined && { section: { isLittle: section.isLittle, interfaces: section.interfaces } }),
        left,
        isBroken,
      }
    },
  }
}

function dropsOf(section: Section | undefined): number {
  if (section === undefined) return 0
  return section.interfaces.reduce((sum, { drops }) => sum + drops, section.drops)
}
