import { concat, toUtf8 } from '../bytes.ts'

/**
 * The container: a zip (APPNOTE 6.3.3) in the one way it can be written. Files are stored, one after the other, without
 * a gap; times, attributes and versions are fixed; no comments, and no extra field beyond zip64 where a number is too
 * large for its place. So every byte follows from names, sizes and CRCs, and a verifier can make it again.
 */

/** One stored file. `at` is the offset of its local header. */
export interface StoredFile {
  name: string
  bytes: number
  crc32: number
  at: number
}

export const localHeaderBytes = 30
export const centralHeaderBytes = 46
/** A zip64 extra field with both sizes. */
export const zip64SizesBytes = 20
export const endBytes = 22
export const zip64EndBytes = 56
export const zip64LocatorBytes = 20

export const signatures = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  zip64End: 0x06064b50,
  zip64Locator: 0x07064b50,
} as const

/** What stands in a place of 32 or 16 bits when the number is in the zip64 field. */
export const over32 = 0xffffffff
export const over16 = 0xffff

/** Unix, zip 4.5: fixed, whatever the file needs. */
const madeBy = 0x032d
/** 1980-01-01, the first day zip knows. */
const day = 0x0021
/** A regular file, rw-r--r--. */
const attributes = (0o100644 << 16) >>> 0

/** Numbers as zip writes them, little-endian: [width in bytes, value]. */
function numbers(...pairs: readonly (readonly [width: 2 | 4 | 8, value: number])[]): Uint8Array {
  const out = new DataView(new ArrayBuffer(pairs.reduce((sum, [width]) => sum + width, 0)))
  let at = 0
  for (const [width, value] of pairs) {
    if (width === 2) out.setUint16(at, value, true)
    else out.setUint32(at, value % 2 ** 32, true)
    if (width === 8) out.setUint32(at + 4, Math.floor(value / 2 ** 32), true)
    at += width
  }
  return new Uint8Array(out.buffer)
}

function isOver32(value: number): boolean {
  return value >= over32
}

function place32(value: number): readonly [4, number] {
  return [4, isOver32(value) ? over32 : value]
}

function neededFor(isZip64: boolean): readonly [2, number] {
  return [2, isZip64 ? 45 : 10]
}

function zip64Field(...values: readonly number[]): Uint8Array {
  return values.length === 0
    ? new Uint8Array(0)
    : numbers([2, 1], [2, values.length * 8], ...values.map((value) => [8, value] as const))
}

/** What stands before the data of a file. */
export function localHeader({ name, bytes, crc32 }: Omit<StoredFile, 'at'>): Uint8Array {
  const label = toUtf8(name)
  const extra = isOver32(bytes) ? zip64Field(bytes, bytes) : zip64Field()
  const head = numbers(
    [4, signatures.local],
    neededFor(extra.length > 0),
    [2, 0],
    [2, 0],
    [2, 0],
    [2, day],
    [4, crc32],
    place32(bytes),
    place32(bytes),
    [2, label.length],
    [2, extra.length],
  )
  return concat(head, label, extra)
}

/** Offset of the first byte after a file: there the next one begins, or the directory. */
export function endOfFile({ name, bytes, at }: StoredFile): number {
  return at + localHeaderBytes + toUtf8(name).length + (isOver32(bytes) ? zip64SizesBytes : 0) + bytes
}

function centralHeader({ name, bytes, crc32, at }: StoredFile): Uint8Array {
  const label = toUtf8(name)
  const extra = zip64Field(...(isOver32(bytes) ? [bytes, bytes] : []), ...(isOver32(at) ? [at] : []))
  const head = numbers(
    [4, signatures.central],
    [2, madeBy],
    neededFor(extra.length > 0),
    [2, 0],
    [2, 0],
    [2, 0],
    [2, day],
    [4, crc32],
    place32(bytes),
    place32(bytes),
    [2, label.length],
    [2, extra.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, attributes],
    place32(at),
  )
  return concat(head, label, extra)
}

/** Everything after the last file, piece by piece: a header for each file, then the end. */
export function* directoryOf(slots: readonly StoredFile[]): Generator<Uint8Array> {
  const last = slots.at(-1)
  const from = last === undefined ? 0 : endOfFile(last)
  let bytes = 0
  for (const slot of slots) {
    const header = centralHeader(slot)
    bytes += header.length
    yield header
  }
  yield endOfDirectory({ from, bytes, count: slots.length })
}

function endOfDirectory({ from, bytes, count }: { from: number; bytes: number; count: number }): Uint8Array {
  const isZip64 = isOver32(from) || isOver32(bytes) || count >= over16
  const zip64 = isZip64
    ? numbers(
        [4, signatures.zip64End],
        [8, zip64EndBytes - 12],
        [2, madeBy],
        neededFor(true),
        [4, 0],
        [4, 0],
        [8, count],
        [8, count],
        [8, bytes],
        [8, from],
        [4, signatures.zip64Locator],
        [4, 0],
        [8, from + bytes],
        [4, 1],
      )
    : new Uint8Array(0)
  const places = Math.min(count, over16)
  const end = numbers(
    [4, signatures.end],
    [2, 0],
    [2, 0],
    [2, places],
    [2, places],
    place32(bytes),
    place32(from),
    [2, 0],
  )
  return concat(zip64, end)
}
