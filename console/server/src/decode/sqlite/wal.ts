import { view } from '../text.ts'
import { isPageSize } from './head.ts'

/** A write-ahead log (https://www.sqlite.org/fileformat2.html, 4): what was committed in it, page by page. */
export interface Wal {
  pageBytes: number
  /** Byte at which the newest committed content of a page begins. */
  pages: ReadonlyMap<number, number>
  /** Length of the database after the last commit, in pages; 0 where nothing was committed. */
  databasePages: number
  commits: number
  /** Frames up to the last commit. */
  frames: number
  /** Sound frames after it, which no commit ended. */
  uncommitted: number
}

const headBytes = 32
export const frameHeadBytes = 24
const magic = 0x377f0682

/** The size of its pages; undefined for bytes that begin no write-ahead log. */
export function walPageBytes(bytes: Uint8Array): number | undefined {
  if (bytes.length < headBytes) return undefined
  const data = view(bytes)
  const pageBytes = data.readUInt32BE(8)
  return (data.readUInt32BE(0) & 0xfffffffe) >>> 0 === magic && isPageSize(pageBytes) ? pageBytes : undefined
}

/**
 * Frames count as long as their salts are those of the head and the checksum, which goes on from frame to frame, is
 * right; those of a log before it, which was begun anew, follow. Undefined for what is no log, or whose head is damaged.
 */
export function readWal(all: Uint8Array): Wal | undefined {
  const pageBytes = walPageBytes(all)
  if (pageBytes === undefined) return undefined
  const bytes = view(all)
  const sum = checksum(bytes.readUInt32BE(0) === magic)
  sum.add(bytes, 0, 24)
  if (!sum.is(bytes, 24)) return undefined
  const wal = { pageBytes, pages: new Map<number, number>(), databasePages: 0, commits: 0, frames: 0, uncommitted: 0 }
  const pending = new Map<number, number>()
  let count = 0
  for (let at = headBytes; at + frameHeadBytes + pageBytes <= bytes.length; at += frameHeadBytes + pageBytes) {
    const page = bytes.readUInt32BE(at)
    if (page === 0 || bytes.compare(bytes, 16, 24, at + 8, at + 16) !== 0) break
    sum.add(bytes, at, 8)
    sum.add(bytes, at + frameHeadBytes, pageBytes)
    if (!sum.is(bytes, at + 16)) break
    count++
    pending.set(page, at + frameHeadBytes)
    const databasePages = bytes.readUInt32BE(at + 4)
    if (databasePages === 0) continue
    for (const [number, place] of pending) wal.pages.set(number, place)
    pending.clear()
    Object.assign(wal, { databasePages, commits: wal.commits + 1, frames: count })
  }
  return { ...wal, uncommitted: count - wal.frames }
}

/** Two sums over pairs of 32-bit words, each of which takes up the other. */
function checksum(isLittle: boolean) {
  let [first, second] = [0, 0]
  return {
    add(bytes: Buffer, from: number, length: number): void {
      const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      for (let at = from; at < from + length; at += 8) {
        first = (first + data.getUint32(at, isLittle) + second) >>> 0
        second = (second + data.getUint32(at + 4, isLittle) + first) >>> 0
      }
    },
    is: (bytes: Buffer, at: number) => bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second,
  }
}
