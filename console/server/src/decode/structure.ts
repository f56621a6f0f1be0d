import { Damaged } from './damaged.ts'
import { view } from './text.ts'
import { wideText } from './wide.ts'
import { guidText, instantAt, sidText } from './windows-scalar.ts'

/**
 * Fields of a structure as Windows lays it out: little-endian, text in UTF-16. Every reader throws `Damaged`
 * (`ends-early`) for a field that is not wholly there: nobody vouches for the offsets.
 */
export interface Structure {
  bytes: Buffer
  u8(at: number): number
  u16(at: number): number
  u32(at: number): number
  /** Of 64 bits without a sign; beyond 2^53 the nearest number. */
  u64(at: number): number
  i64(at: number): bigint
  /** RFC 3339 in UTC with seven digits of a FILETIME; undefined where it is 0 or beyond the years of RFC 3339. */
  instant(at: number): string | undefined
  /** In small letters without braces. */
  guid(at: number): string
  sid(at: number): string
  /** UTF-16 of this many units, up to its first NUL. */
  wide(at: number, units: number): string
  /** UTF-16 up to a NUL, or to the end of the structure. */
  wideToNul(at: number): string
  /** Bytes up to a NUL, or to `end`, as Latin-1: the code page is not told. */
  narrow(at: number, end: number): string
  /** The part of it from `at` on. */
  part(at: number, length: number): Structure
}

export function structureOf(all: Uint8Array): Structure {
  const bytes = view(all)
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

  function need(at: number, length: number): void {
    if (at < 0 || length < 0 || at + length > bytes.length)
      throw new Damaged('ends-early', `It ends before byte ${at + length}, where a field of it should end.`)
  }

  const read =
    <T>(length: number, get: (at: number) => T) =>
    (at: number): T => {
      need(at, length)
      return get(at)
    }

  return {
    bytes,
    u8: read(1, (at) => data.getUint8(at)),
    u16: read(2, (at) => data.getUint16(at, true)),
    u32: read(4, (at) => data.getUint32(at, true)),
    u64: read(8, (at) => Number(data.getBigUint64(at, true))),
    i64: read(8, (at) => data.getBigInt64(at, true)),
    instant: read(8, (at) => instantAt(data, at)),
    guid: read(16, (at) => guidText(bytes, data, at).slice(1, -1)),
    sid: read(8, (at) => sidText(data, at, bytes.length)),
    wide(at, units) {
      need(at, units * 2)
      return upToNul(wideText(bytes, at, at + units * 2))
    },
    wideToNul(at) {
      need(at, 0)
      let end = at
      while (end + 2 <= bytes.length && data.getUint16(end, true) !== 0) end += 2
      return wideText(bytes, at, end)
    },
    narrow(at, end) {
      need(at, end - at)
      return upToNul(bytes.toString('latin1', at, end))
    },
    part(at, length) {
      need(at, length)
      return structureOf(bytes.subarray(at, at + length))
    },
  }
}

function upToNul(text: string): string {
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}
