import type { Cut, Cutter } from '../cut.ts'
import { u32 } from './bytes.ts'
import { formatAt, type Pcap, type Pcapng, pcapHead, read32, sectionAt, sectionType } from './format.ts'

/**
 * A longer record comes in pieces of this size, of which the first is read as far as it goes. libpcap captures 256 KiB
 * of a packet at most (MAXIMUM_SNAPLEN).
 */
export const mostPiece = 1024 * 1024

/** Of a record after which nothing can be found: no length leads there. */
export const endless = Number.MAX_SAFE_INTEGER

/** The file header, then a record for each packet; in pcapng each block is one. */
export const captures: Cutter = {
  begin() {
    let format: Pcap | Pcapng | 'none' | undefined
    /** Of a record that is longer than a piece. */
    let left = 0

    function lengthAt(bytes: Uint8Array, from: number): number | undefined {
      if (left > 0) return left
      const isFirst = format === undefined
      format = formatOf(bytes, from, format)
      if (format === undefined) return undefined
      if (format === 'none') return endless
      if (format.kind === 'pcapng') return blockLength(bytes, from, format)
      return isFirst ? pcapHead : packetLength(bytes, from, format)
    }

    return (bytes, from): ReturnType<Cut> => {
      const length = lengthAt(bytes, from)
      if (length === undefined) return undefined
      const end = from + Math.min(length, mostPiece)
      if (end > bytes.length) return undefined
      left = length - (end - from)
      return { end, next: end }
    }
  },
}

/** That of a file is told once; in pcapng every section tells its own. */
function formatOf(
  bytes: Uint8Array,
  from: number,
  known: Pcap | Pcapng | 'none' | undefined,
): Pcap | Pcapng | 'none' | undefined {
  if (known === undefined) return formatAt(bytes, from)
  const isSection = known !== 'none' && known.kind === 'pcapng' && u32(bytes, from) === sectionType
  return isSection ? (sectionAt(bytes, from) ?? known) : known
}

export function packetLength(bytes: Uint8Array, from: number, { isLittle, recordHead }: Pcap): number | undefined {
  if (from + recordHead > bytes.length) return undefined
  return recordHead + read32(isLittle)(bytes, from + 8)
}

/** `endless` for a length that no block can have. */
export function blockLength(bytes: Uint8Array, from: number, { isLittle }: Pcapng): number | undefined {
  const length = read32(isLittle)(bytes, from + 4)
  // A block has 12 bytes at least, and the header of a section is told by them.
  if (from + 12 > bytes.length) return undefined
  return length < 12 || length % 4 !== 0 ? endless : length
}
