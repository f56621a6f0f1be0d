import type { Structure } from '../structure.ts'
import { instant } from '../time.ts'
import { unpackValue } from './compression.ts'

export interface Column {
  id: number
  name: string
  /** JET_coltyp. */
  type: number
  /** Of a fixed column: where its value lies in a row, and its bytes. */
  at: number
  bytes: number
}

/** Numbers beyond 2^53 and times are text. Bytes are those of a binary value. */
export type Value = number | string | boolean | Uint8Array

/** Values that are set, by the names of their columns. */
export type Row = ReadonlyMap<string, Value>

const firstVariable = 128

/**
 * A row ([libyal, EDB format], Data definition): fixed columns, which of them are null, the ends of the variable ones,
 * these, and those that are tagged. Throws `Damaged`.
 */
export function readRow(data: Structure, columns: readonly Column[], isLarge: boolean): Row {
  const row = new Map<string, Value>()
  const put = (column: Column | undefined, value: Structure) => {
    const read = column && readValue(column, value)
    if (column !== undefined && read !== undefined) row.set(column.name, read)
  }
  readFixed(data, columns, put)
  const tagged = readVariable(data, columns, put)
  if (tagged < data.bytes.length) readTagged(data.part(tagged, data.bytes.length - tagged), columns, { isLarge, put })
  return row
}

type Put = (column: Column | undefined, value: Structure) => void

/** A bit of the map behind the fixed columns says which of them are null. */
function readFixed(data: Structure, columns: readonly Column[], put: Put): void {
  const last = data.u8(0)
  const nulls = data.u16(2) - Math.ceil(last / 8)
  for (const column of columns) {
    if (column.id > last || !isFixed(column)) return
    const isNull = ((data.u8(nulls + ((column.id - 1) >> 3)) >> ((column.id - 1) & 7)) & 1) === 1
    if (!isNull) put(column, data.part(column.at, column.bytes))
  }
}

/** @returns where the tagged columns begin */
function readVariable(data: Structure, columns: readonly Column[], put: Put): number {
  const ends = data.u16(2)
  const count = Math.max(data.u8(1) - firstVariable + 1, 0)
  const from = ends + count * 2
  let at = 0
  for (let i = 0; i < count; i++) {
    const end = data.u16(ends + i * 2)
    const isNull = (end & 0x8000) !== 0
    const length = (end & 0x7fff) - at
    if (!isNull) put(columnOf(columns, firstVariable + i), data.part(from + at, length))
    at = end & 0x7fff
  }
  return from + at
}

const longFlag = 0x04
const packedFlag = 0x02
const severalFlags = 0x08 | 0x10

/**
 * Ids with the places of their values. A value that has flags begins with them: those of pages of 16 KiB always do. Long
 * values, which lie in a tree of their own, and several in one are left out: this database has none.
 */
function readTagged(
  tagged: Structure,
  columns: readonly Column[],
  { isLarge, put }: { isLarge: boolean; put: Put },
): void {
  const mask = isLarge ? 0x7fff : 0x3fff
  const count = (tagged.u16(2) & mask) >> 2
  for (let i = 0; i < count; i++) {
    const place = tagged.u16(i * 4 + 2)
    const end = i + 1 < count ? tagged.u16(i * 4 + 6) & mask : tagged.bytes.length
    const hasFlags = isLarge || (place & 0x4000) !== 0
    const value = tagged.part(place & mask, end - (place & mask))
    const flags = hasFlags && value.bytes.length > 0 ? value.u8(0) : 0
    if ((flags & (longFlag | severalFlags)) !== 0) continue
    const bare = hasFlags ? value.part(Math.min(1, value.bytes.length), Math.max(value.bytes.length - 1, 0)) : value
    put(columnOf(columns, tagged.u16(i * 4)), (flags & packedFlag) === 0 ? bare : unpackValue(bare))
  }
}

function columnOf(columns: readonly Column[], id: number): Column | undefined {
  return columns.find((column) => column.id === id)
}

export function isFixed({ id }: Column): boolean {
  return id < firstVariable
}

/** By JET_coltyp (Microsoft, "JET_COLTYP"). */
const readers: Readonly<Record<number, (value: Structure) => Value | undefined>> = {
  1: (value) => value.u8(0) !== 0,
  2: (value) => value.u8(0),
  3: (value) => (value.u16(0) << 16) >> 16,
  4: (value) => value.u32(0) | 0,
  5: (value) => numberOf(value.i64(0)),
  6: (value) => value.part(0, 4).bytes.readFloatLE(0),
  7: (value) => value.part(0, 8).bytes.readDoubleLE(0),
  8: timeOf,
  10: (value) => value.wideToNul(0),
  12: (value) => value.wideToNul(0),
  14: (value) => value.u32(0),
  15: (value) => numberOf(value.i64(0)),
  16: (value) => value.guid(0),
  17: (value) => value.u16(0),
}

function readValue({ type }: Column, value: Structure): Value | undefined {
  return (readers[type] ?? bytesOf)(value)
}

/** Days since 30 December 1899, rounded to the millisecond, which they do not hold exactly; some tables write a FILETIME. */
function timeOf(value: Structure): string | undefined {
  const days = value.part(0, 8).bytes.readDoubleLE(0)
  if (!(days >= 1 && days < 3_000_000)) return value.instant(0)
  const ms = Math.round((days - daysBefore1970) * 86_400_000)
  const seconds = Math.floor(ms / 1000)
  return instant(seconds, ms === seconds * 1000 ? '' : String(ms - seconds * 1000).padStart(3, '0'))
}

const daysBefore1970 = 25_569

function bytesOf({ bytes }: Structure): Uint8Array {
  return bytes
}

function numberOf(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}
