import { Damaged } from '../damaged.ts'
import { instantOfSeconds } from '../epoch.ts'
import { view } from '../text.ts'
import { type Budget, newBudget, type Plist, type Value } from './value.ts'

const trailerBytes = 32

export function isBinary(bytes: Uint8Array): boolean {
  return view(bytes).toString('latin1', 0, 7) === 'bplist0'
}

/** What the end of the file says of the rest of it. */
interface Layout {
  bytes: Buffer
  /** Byte at which an object begins. */
  placeOf(object: number): number
  /** Bytes of the number of an object. */
  refBytes: number
}

/**
 * A binary property list (Apple, CFBinaryPList.c: objects, then where each begins, then a trailer). Throws `Damaged` where
 * nothing of it can be read.
 */
export function readBinary(all: Uint8Array): Plist {
  const bytes = view(all)
  if (bytes.length < 8 + trailerBytes) throw new Damaged('ends-early', 'It ends before its trailer.')
  const at = bytes.length - trailerBytes
  const [placeBytes, refBytes] = [bytes.readUInt8(at + 6), bytes.readUInt8(at + 7)]
  const [count, top, table] = [8, 16, 24].map((offset) => Number(bytes.readBigUInt64BE(at + offset))) as [
    number,
    number,
    number,
  ]
  if (![1, 2, 3, 4, 8].includes(placeBytes) || ![1, 2, 4, 8].includes(refBytes) || table + count * placeBytes > at)
    throw new Damaged('place-impossible', 'Its trailer does not fit the file.')
  const layout: Layout = {
    bytes: bytes.subarray(0, table),
    refBytes,
    placeOf(object) {
      if (object >= count) throw new Damaged('place-impossible', `There is no object ${object} in ${count}.`)
      return unsigned(bytes, table + object * placeBytes, placeBytes)
    },
  }
  const budget = newBudget()
  return { root: readObject(layout, top, { budget, level: 0 }), damages: budget.damages }
}

interface Depth {
  budget: Budget
  level: number
}

function readObject(layout: Layout, object: number, { budget, level }: Depth): Value {
  budget.take(level)
  const { bytes } = layout
  const at = layout.placeOf(object)
  const marker = byteAt(bytes, at)
  const [kind, low] = [marker >> 4, marker & 15]
  if (kind === 0) return simple(marker)
  if (kind === 1) return integerAt(bytes, at + 1, 1 << low)
  if (kind === 2) return realAt(bytes, at + 1, 1 << low)
  if (kind === 3) return { instant: instantOfSeconds(realAt(bytes, at + 1, 8), 2001) }
  if (kind === 8) return { uid: unsigned(bytes, at + 1, low + 1) }
  const { length, from } = lengthAt(bytes, at + 1, low)
  if (kind === 4) return part(bytes, from, length)
  if (kind === 5 || kind === 7) return part(bytes, from, length).toString('utf8')
  if (kind === 6)
    return Buffer.from(part(bytes, from, length * 2))
      .swap16()
      .toString('utf16le')
  const next = { budget, level: level + 1 }
  if (kind === 10 || kind === 11 || kind === 12) return listAt(layout, { from, length }, next)
  if (kind === 13) return dictAt(layout, { from, length }, next)
  throw new Damaged('format-unknown', `There are no objects of kind ${kind}.`)
}

function simple(marker: number): Value {
  return marker === 8 ? false : marker === 9 ? true : null
}

function listAt(layout: Layout, { from, length }: { from: number; length: number }, depth: Depth): Value {
  const refs = refsAt(layout, from, length)
  return refs.map((object) => depth.budget.inPlace(() => readObject(layout, object, depth)))
}

/** The keys, then the values. */
function dictAt(layout: Layout, { from, length }: { from: number; length: number }, depth: Depth): Value {
  const refs = refsAt(layout, from, length * 2)
  const dict = new Map<string, Value>()
  for (let i = 0; i < length; i++) {
    const [key, value] = [i, i + length].map((at) =>
      depth.budget.inPlace(() => readObject(layout, refs[at] ?? 0, depth)),
    )
    if (typeof key === 'string' && value !== undefined) dict.set(key, value)
  }
  return dict
}

function refsAt({ bytes, refBytes }: Layout, from: number, count: number): number[] {
  if (from + count * refBytes > bytes.length) throw new Damaged('ends-early', 'A list ends before its last member.')
  return Array.from({ length: count }, (_, i) => unsigned(bytes, from + i * refBytes, refBytes))
}

/** A length of 15 says that an integer follows with the length. */
function lengthAt(bytes: Buffer, at: number, low: number): { length: number; from: number } {
  if (low < 15) return { length: low, from: at }
  const marker = byteAt(bytes, at)
  const size = 1 << (marker & 15)
  if (marker >> 4 !== 1 || size > 8) throw new Damaged('format-unknown', 'A length is no integer.')
  return { length: unsigned(bytes, at + 1, size), from: at + 1 + size }
}

function part(bytes: Buffer, from: number, length: number): Buffer {
  if (from + length > bytes.length) throw new Damaged('ends-early', 'A value ends beyond the objects.')
  return bytes.subarray(from, from + length)
}

function byteAt(bytes: Buffer, at: number): number {
  return part(bytes, at, 1).readUInt8(0)
}

/** Beyond 2^53 the nearest number: no place in a file is there. */
function unsigned(bytes: Buffer, at: number, size: number): number {
  let value = 0
  for (const byte of part(bytes, at, size)) value = value * 256 + byte
  return value
}

/** Up to 4 bytes without a sign, of 8 with one; of 16 the lower half counts. */
function integerAt(bytes: Buffer, at: number, size: number): Value {
  if (size > 16) throw new Damaged('format-unknown', `An integer of ${size} bytes.`)
  if (size <= 4) return unsigned(bytes, at, size)
  const value = part(bytes, at, size).readBigInt64BE(size - 8)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function realAt(bytes: Buffer, at: number, size: number): number {
  if (size !== 4 && size !== 8) throw new Damaged('format-unknown', `A real number of ${size} bytes.`)
  const value = part(bytes, at, size)
  return size === 4 ? value.readFloatBE(0) : value.readDoubleBE(0)
}
