import type { Encoding } from './scalar.ts'

/** The first 100 bytes of a database (https://www.sqlite.org/fileformat2.html, 1.3). */
export interface Head {
  pageBytes: number
  /** Bytes of a page that are used. */
  usable: number
  /** As the head says it; 0 where it may be out of date, and the length of the file counts. */
  pages: number
  encoding: Encoding
  /** True when changes go to a write-ahead log first. */
  isWal: boolean
}

const magic = Buffer.from('SQLite format 3\0', 'latin1')
export const headBytes = 100
const encodings: readonly (Encoding | undefined)[] = ['utf8', 'utf8', 'utf16le', 'utf16be']

/** Undefined for bytes that begin no database. */
export function readHead(bytes: Uint8Array): Head | undefined {
  if (bytes.length < headBytes || magic.some((byte, i) => bytes[i] !== byte)) return undefined
  const data = new DataView(bytes.buffer, bytes.byteOffset, headBytes)
  const written = data.getUint16(16)
  const pageBytes = written === 1 ? 65_536 : written
  const usable = pageBytes - data.getUint8(20)
  const encoding = encodings[data.getUint32(56)]
  if (!isPageSize(pageBytes) || usable < 480 || encoding === undefined) return undefined
  // The count is only kept by versions that also write down for which change of the file it is.
  const isCounted = data.getUint32(24) === data.getUint32(92)
  return { pageBytes, usable, pages: isCounted ? data.getUint32(28) : 0, encoding, isWal: data.getUint8(19) === 2 }
}

export function isPageSize(bytes: number): boolean {
  return bytes >= 512 && bytes <= 65_536 && (bytes & (bytes - 1)) === 0
}
