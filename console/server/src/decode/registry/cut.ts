import type { Cut, Cutter } from '../cut.ts'
import { view } from '../text.ts'
import { baseBlockBytes, isBaseBlock, sectorBytes } from './base-block.ts'
import { entryBytesAt } from './log-entry.ts'

const pageBytes = 4096
/** A longer bin, or entry of a log, comes in pieces of pages. */
const mostBytes = 4 * 1024 * 1024

/**
 * The base block is a record, and each bin is one; of a log its head and each entry. What is neither comes in pages, or
 * in a log in sectors, so that a damaged bin stays in its place.
 */
export const bins: Cutter = {
  begin() {
    let isLog: boolean | undefined

    return (bytes, from): ReturnType<Cut> => {
      if (from + sectorBytes > bytes.length) return undefined
      isLog ??= isBaseBlock(bytes, from) && view(bytes).readUInt32LE(from + 28) !== 0
      const end = from + lengthAt(bytes, from, isLog)
      return end > bytes.length ? undefined : { end, next: end }
    }
  },
}

function lengthAt(bytes: Uint8Array, from: number, isLog: boolean): number {
  if (isBaseBlock(bytes, from)) return isLog ? sectorBytes : baseBlockBytes
  const said = isLog ? entryBytesAt(view(bytes), from) : binBytesAt(view(bytes), from)
  return said === undefined || said > mostBytes ? (isLog ? sectorBytes : pageBytes) : said
}

/** Size of the bin that begins at `at`, as it says (signature, place, size); undefined where none does. */
export function binBytesAt(bytes: Buffer, at: number): number | undefined {
  if (at + 32 > bytes.length || bytes.readUInt32LE(at) !== 0x6e696268) return undefined
  const size = bytes.readUInt32LE(at + 8)
  return size < pageBytes || size % pageBytes !== 0 ? undefined : size
}
