import type { Cutter } from '../cut.ts'
import { readHead } from './head.ts'
import { frameHeadBytes, walPageBytes } from './wal.ts'

/** Of what turns out to be no database. */
const pieceBytes = 4096
const headBytes = 100

/** Each page is a record; of a write-ahead log its head, then each frame. */
export const pages: Cutter = {
  begin() {
    let size: number | undefined
    return (bytes, from) => {
      if (size === undefined && bytes.length - from < headBytes) return undefined
      const log = size === undefined ? walPageBytes(bytes.subarray(from)) : undefined
      const isHead = log !== undefined
      size ??= log === undefined ? (readHead(bytes.subarray(from))?.pageBytes ?? pieceBytes) : frameHeadBytes + log
      const end = from + (isHead ? 32 : size)
      return end > bytes.length ? undefined : { end, next: end }
    }
  },
}
