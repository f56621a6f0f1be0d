import type { Damage } from '../damaged.ts'
import { cellAt, type Hive, isDamage, isSigned, nowhere, type Span, short, unsigned } from './hive.ts'
import { type KeyNode, nameOf } from './key-node.ts'

/** A value as its cell says (`vk`), without its data. */
export interface Value {
  /** Its own cell. */
  offset: number
  /** Empty for the default value of a key. */
  name: string
  /** Number of the type: `REG_SZ` is 1. */
  type: number
  /** Bytes of the data. */
  size: number
  /** Of data of up to four bytes, the place of the value's own cell that holds them. */
  inside?: number
  /** Place of the cell of the data. */
  place: number
}

export interface Values {
  values: Value[]
  damage?: Damage
}

const headBytes = 20
/** In front of a size: the data is in the value itself. */
const insideFlag = 0x80000000
/** As many bytes of long data are in each of its cells (since version 1.4). */
const segmentBytes = 16_344

export function valuesOf(hive: Hive, node: KeyNode): Values {
  const found: Values = { values: [] }
  if (node.valueCount === 0) return found
  const list = cellAt(hive, node.values)
  if (isDamage(list)) return { values: [], damage: list }
  const count = Math.min(node.valueCount, (list.end - list.at) >> 2)
  if (count < node.valueCount) found.damage = short
  for (let i = 0; i < count; i++) {
    const value = valueAt(hive, hive.data.getUint32(list.at + i * 4, true))
    if (!isDamage(value)) found.values.push(value)
    else {
      found.damage = value
      if (hive.work < 0) break
    }
  }
  return found
}

function valueAt(hive: Hive, offset: number): Value | Damage {
  const cell = cellAt(hive, offset, headBytes)
  if (isDamage(cell)) return cell
  return isSigned(hive, cell.at, 'vk') ? readValue(hive, cell, offset) : unsigned
}

/** @param at first byte of the content of its cell */
export function readValue({ bytes, data }: Hive, { at, end }: Span, offset: number): Value | Damage {
  if (at + headBytes > end) return short
  const nameEnd = at + headBytes + data.getUint16(at + 2, true)
  if (nameEnd > end) return short
  const said = data.getUint32(at + 4, true)
  const isInside = said >= insideFlag
  const value: Value = {
    offset,
    name: nameOf(bytes, { at: at + headBytes, end: nameEnd }, (data.getUint16(at + 16, true) & 1) !== 0),
    type: data.getUint32(at + 12, true),
    size: isInside ? Math.min(said - insideFlag, 4) : said,
    place: data.getUint32(at + 8, true),
  }
  if (isInside) value.inside = at + 8
  return value
}

const nothing = Buffer.alloc(0)

/**
 * The data of a value, as far as it is there.
 * @param most bytes that are wanted of it
 */
export function dataOf(hive: Hive, value: Value, most: number = value.size): Buffer | Damage {
  const wanted = Math.min(value.size, most)
  if (value.inside !== undefined) return hive.bytes.subarray(value.inside, value.inside + wanted)
  if (value.size === 0 || value.place === nowhere) return value.size === 0 ? nothing : short
  const cell = cellAt(hive, value.place, 8 + wanted)
  if (isDamage(cell)) return cell
  if (value.size > segmentBytes && hive.minor > 3 && isSigned(hive, cell.at, 'db')) return joined(hive, cell, wanted)
  return cell.at + wanted > cell.end ? short : hive.bytes.subarray(cell.at, cell.at + wanted)
}

/** Long data: number of segments (2), place of their list. */
function joined(hive: Hive, { at, end }: Span, wanted: number): Buffer | Damage {
  if (at + 8 > end) return short
  const list = cellAt(hive, hive.data.getUint32(at + 4, true))
  if (isDamage(list)) return list
  const count = Math.min(hive.data.getUint16(at + 2, true), (list.end - list.at) >> 2)
  const segments: Buffer[] = []
  let left = wanted
  for (let i = 0; i < count && left > 0; i++) {
    const segment = cellAt(hive, hive.data.getUint32(list.at + i * 4, true))
    if (isDamage(segment)) return segment
    const bytes = Math.min(left, segmentBytes, segment.end - segment.at)
    segments.push(hive.bytes.subarray(segment.at, segment.at + bytes))
    left -= bytes
  }
  return left > 0 ? short : Buffer.concat(segments)
}
