import type { Damage } from '../damaged.ts'
import { baseBlockBytes } from './base-block.ts'

/** The bytes of a whole hive, and how much work may still be done for it. */
export interface Hive {
  bytes: Buffer
  data: DataView
  /** Minor version: since 4, long data lies in several cells. */
  minor: number
  /** Where the bins end; what is behind them is not the hive's. */
  end: number
  /** Bytes that may still be looked at: cells may be named any number of times. */
  work: number
}

/** A sound hive takes less than one for each of its bytes. */
const workPerByte = 8
const leastWork = 1024 * 1024

export function hiveOf(bytes: Buffer, { minor, binsBytes }: { minor: number; binsBytes: number }): Hive {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = Math.min(bytes.length, baseBlockBytes + binsBytes)
  return { bytes, data, minor, end, work: workPerByte * bytes.length + leastWork }
}

/** Content of a cell, from byte to byte of the file. */
export interface Span {
  at: number
  end: number
}

/** No place: what is not there has this one. */
export const nowhere = 0xffffffff

/** The content of the cell at an offset; why there is none otherwise. */
export function cellAt(hive: Hive, offset: number, work = 8): Span | Damage {
  hive.work -= work
  if (hive.work < 0) return tooMuch
  const at = baseBlockBytes + offset
  if (offset === nowhere || offset % 8 !== 0 || at + 8 > hive.bytes.length) return outside
  const size = hive.data.getInt32(at, true)
  if (size > 0) return free
  const end = at - size
  return size > -8 || end > hive.bytes.length ? outside : { at: at + 4, end }
}

export function isDamage(what: object): what is Damage {
  return 'code' in what
}

/** True when the content begins with these two letters. */
export function isSigned({ bytes }: Hive, at: number, signature: string): boolean {
  return bytes[at] === signature.charCodeAt(0) && bytes[at + 1] === signature.charCodeAt(1)
}

const outside: Damage = { code: 'place-impossible', says: 'A place is named at which no cell can be.' }
const free: Damage = { code: 'cell-free', says: 'A cell is named that is free.' }
const tooMuch: Damage = { code: 'too-many', says: 'The same cells are named over and over: the rest is not read.' }
export const unsigned: Damage = { code: 'signature-wrong', says: 'A cell is named that holds something else.' }
export const short: Damage = { code: 'ends-early', says: 'A cell ends before what it holds.' }
