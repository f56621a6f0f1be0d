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
    const lengthAt = recordLengths()
    /** Of a record that is longer than a piece. */
    let left = 0
    return (bytes, from): ReturnType<Cut> => {
      const length = left > 0 ? left : lengthAt(bytes, from)
      if (length === undefined) return undefined
      const end = from + Math.min(length, mostPiece)
      if (end > bytes.length) return undefined
      left = length - (end - from)
      return { end, next: end }
    }
  },
}

/** Lengths of the records of one file, asked for in their order; undefined where more bytes must tell. */
export function recordLengths(): (bytes: Uint8Array, from: number) => number | undefined {
  let format: Pcap | Pcapng | 'none' | undefined
  return (bytes, from) => {
    if (format === undefined) {
      format = formatAt(bytes, from)
      if (format === undefined) return undefined
      if (format !== 'none' && format.kind === 'pcap') return pcapHead
    }
    if (format !== 'none' && format.kind === 'pcap') return packetLength(bytes, from, format)
    if (u32(bytes, from) === sectionType) {
      const section = sectionAt(bytes, from)
      if (section === undefined) return undefined
      format = section
    }
    return format === 'none' ? endless : blockLength(bytes, from, format)
  }
}

export function packetLength(bytes: Uint8Array, from: number, { isLittle, recordHead }: Pcap): number | undefined {
  if (from + recordHead > bytes.length) return undefined
  return recordHead + read32(isLittle)(bytes, from + 8)
}

/** `endless` for a length that no block can have. */
export function blockLength(bytes: Uint8Array, from: number, { isLittle }: Pcapng): number | undefined {
  const length = read32(isLittle)(bytes, from + 4)
  if (length < 0) return undefined
  return length < 12 || length % 4 !== 0 ? endless : length
}
