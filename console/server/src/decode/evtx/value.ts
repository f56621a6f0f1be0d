import { wideText } from '../wide.ts'
import { guidText, hexText, instantText, integerText, sidText, systemTimeText } from '../windows-scalar.ts'
import { spend } from './budget.ts'
import type { Source } from './source.ts'

/** How a value of one type is written, and how many bytes one of it takes; 0 where that differs. */
interface Type {
  bytes: number
  write(source: Source, at: number, end: number): string
}

/** Types of values by their number ([MS-EVEN6] 2.2.12, ValueType), written as Windows writes them in XML. */
const types: readonly (Type | undefined)[] = makeTypes()

/** What is of no known type, or has too few bytes for its own, is written as its bytes. */
const unknown: Type = { bytes: 0, write: ({ bytes }, at, end) => bytes.toString('hex', at, end).toUpperCase() }

const arrayFlag = 0x80

export function isArray(type: number): boolean {
  return type >= arrayFlag
}

/** The text of a value. An array becomes its items with a comma between them. */
export function textOf(source: Source, type: number, at: number, end: number): string {
  if (isArray(type)) return itemsOf(source, type, at, end).join(', ')
  if (at >= end) return ''
  spend(source.budget, 1, end - at)
  const { bytes, write } = types[type] ?? unknown
  return end - at < bytes ? unknown.write(source, at, end) : write(source, at, end)
}

/** Items of an array; those of text end with a NUL each. */
export function itemsOf(source: Source, type: number, at: number, end: number): string[] {
  const { bytes, write } = types[type - arrayFlag] ?? unknown
  const items: string[] = []
  let next = at
  for (let from = at; from < end; from = next) {
    next = bytes > 0 ? from + bytes : endOfItem(source, type - arrayFlag, from, end)
    spend(source.budget, 1, next - from)
    items.push(next > end ? unknown.write(source, from, end) : write(source, from, next))
  }
  return items
}

function endOfItem({ bytes, data }: Source, type: number, from: number, end: number): number {
  if (type === 0x13) return from + 8 + (bytes[from + 1] ?? 0) * 4
  if (type !== 0x01 && type !== 0x02) return end
  const step = type === 0x02 ? 1 : 2
  for (let at = from; at + step <= end; at += step)
    if ((step === 1 ? data.getUint8(at) : data.getUint16(at, true)) === 0) return at + step
  return end
}

function makeTypes(): (Type | undefined)[] {
  const all: (Type | undefined)[] = []
  const set = (type: number, bytes: number, write: Type['write']) => {
    all[type] = { bytes, write }
  }
  set(0x00, 1, () => '')
  set(0x01, 0, wide)
  set(0x02, 0, ({ bytes }, at, end) => withoutNul(bytes.toString('latin1', at, end)))
  set(0x03, 1, ({ data }, at) => String(data.getInt8(at)))
  set(0x04, 1, ({ data }, at) => String(data.getUint8(at)))
  set(0x05, 2, ({ data }, at) => String(data.getInt16(at, true)))
  set(0x06, 2, ({ data }, at) => String(data.getUint16(at, true)))
  set(0x07, 4, ({ data }, at) => String(data.getInt32(at, true)))
  set(0x08, 4, ({ data }, at) => String(data.getUint32(at, true)))
  set(0x09, 8, ({ data }, at) => data.getBigInt64(at, true).toString())
  set(0x0a, 8, ({ data }, at) => integerText(data, at))
  // The digits that a number of this size has, without those of the double it is kept in.
  set(0x0b, 4, ({ data }, at) => String(Number(data.getFloat32(at, true).toPrecision(7))))
  set(0x0c, 8, ({ data }, at) => String(data.getFloat64(at, true)))
  set(0x0d, 4, ({ data }, at) => (data.getUint32(at, true) === 0 ? 'false' : 'true'))
  set(0x0e, 0, ({ bytes }, at, end) => bytes.toString('hex', at, end).toUpperCase())
  set(0x0f, 16, ({ bytes, data }, at) => guidText(bytes, data, at))
  set(0x10, 4, ({ data }, at, end) => hexText(data, at, end - at))
  set(0x11, 8, ({ data }, at) => instantText(data, at))
  set(0x12, 16, ({ data }, at) => systemTimeText(data, at))
  set(0x13, 0, ({ data }, at, end) => sidText(data, at, end))
  set(0x14, 4, ({ data }, at) => hexText(data, at, 4))
  set(0x15, 8, ({ data }, at) => hexText(data, at, 8))
  set(0x20, 4, ({ data }, at, end) => hexText(data, at, end - at))
  set(0x23, 0, wide)
  return all
}

function wide({ bytes }: Source, at: number, end: number): string {
  return withoutNul(wideText(bytes, at, end))
}

function withoutNul(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--
  return end === text.length ? text : text.slice(0, end)
}
