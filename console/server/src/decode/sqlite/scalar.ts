import { Damaged } from '../damaged.ts'
import type { Value } from '../database.ts'

/** Bytes, and how far they were read. */
export interface Cursor {
  bytes: Buffer
  at: number
}

function nextByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.at++]
  if (byte === undefined) throw new Damaged('ends-early', 'It ends within a number.')
  return byte
}

/** Seven bits a byte, the highest first; a ninth byte gives eight. Signed, 64 bits. */
export function varint(cursor: Cursor): number | bigint {
  let value = 0
  for (let i = 0; i < 7; i++) {
    const byte = nextByte(cursor)
    value = value * 128 + (byte & 127)
    if (byte < 128) return value
  }
  const eighth = nextByte(cursor)
  const big = (BigInt(value) << 7n) | BigInt(eighth & 127)
  return integer(eighth < 128 ? big : BigInt.asIntN(64, (big << 8n) | BigInt(nextByte(cursor))))
}

/** A number that counts bytes. */
export function length(cursor: Cursor): number {
  const value = varint(cursor)
  if (typeof value === 'bigint' || value < 0) throw new Damaged('place-impossible', `A length of ${value} bytes.`)
  return value
}

function integer(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Encoding of text: number 1 to 3 in the head of the file. */
export type Encoding = 'utf8' | 'utf16le' | 'utf16be'

const integerBytes = [0, 1, 2, 3, 4, 6, 8] as const

/** Bytes of a value of this serial type. */
export function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2)
  return integerBytes[type] ?? (type === 7 ? 8 : 0)
}

/** @param at where the value begins: at least `lengthOf` bytes follow, fewer where text or a blob is cut */
export function valueAt(bytes: Buffer, at: number, { type, encoding }: { type: number; encoding: Encoding }): Value {
  if (type >= 12) {
    const part = bytes.subarray(at, at + lengthOf(type))
    return type % 2 === 0 ? part : textIn(part, encoding)
  }
  const size = integerBytes[type] ?? 0
  if (size === 8) return integer(bytes.readBigInt64BE(at))
  if (size > 0) return bytes.readIntBE(at, size)
  if (type === 7) return bytes.readDoubleBE(at)
  if (type === 8 || type === 9) return type - 8
  if (type === 0) return null
  throw new Damaged('format-unknown', `Values of type ${type} do not exist.`)
}

function textIn(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'utf8') return bytes.toString('utf8')
  if (encoding === 'utf16le') return bytes.toString('utf16le')
  const even = bytes.length - (bytes.length % 2)
  return Buffer.from(bytes.subarray(0, even)).swap16().toString('utf16le')
}
