import { wideText } from '../wide.ts'
import { integerText } from '../windows-scalar.ts'
import { type Hive, isDamage } from './hive.ts'
import { mostWithin, textWithin } from './text-within.ts'
import { dataOf, type Value } from './value.ts'

/** Names of the types by their numbers (winnt.h). */
const typeNames: readonly string[] = [
  'REG_NONE',
  'REG_SZ',
  'REG_EXPAND_SZ',
  'REG_BINARY',
  'REG_DWORD',
  'REG_DWORD_BIG_ENDIAN',
  'REG_LINK',
  'REG_MULTI_SZ',
  'REG_RESOURCE_LIST',
  'REG_FULL_RESOURCE_DESCRIPTOR',
  'REG_RESOURCE_REQUIREMENTS_LIST',
  'REG_QWORD',
]
const [sz, expandSz, dword, dwordBig, link, multiSz, qword] = [1, 2, 4, 5, 6, 7, 11]

/** Programs write numbers of their own there, such as `0xffff0012` for a typed property. */
export function typeName(type: number): string {
  return typeNames[type] ?? `0x${type.toString(16)}`
}

export function isText(type: number): boolean {
  return type === sz || type === expandSz || type === link || type === multiSz
}

/** What a value holds, as text; `damage` where it cannot be read. */
export interface ValueText {
  text: string
  /** Text within data that is none. */
  within?: string
  /** True where there is more of it. */
  isCut?: true
  damage?: string
}

const mostCharacters = 1024
const mostHexBytes = 64
const leastForText = 12

/** Numbers in decimal, text as it is, several texts one below the other, all else in hex. */
export function valueText(hive: Hive, value: Value): ValueText {
  const isWide = isText(value.type)
  const data = dataOf(hive, value, isWide ? mostCharacters * 2 : mostWithin)
  if (isDamage(data)) return { text: '', damage: data.says }
  if (isWide) {
    const text = textOf(data, value.type)
    return value.size > mostCharacters * 2 && text.length >= mostCharacters ? { text, isCut: true } : { text }
  }
  const said: ValueText = { text: textOf(data.subarray(0, mostHexBytes), value.type) }
  const within = data.length < leastForText ? undefined : textWithin(data)
  if (within !== undefined) said.within = within
  if (value.size > mostHexBytes) said.isCut = true
  return said
}

/** @param data as much of the data as is wanted */
function textOf(data: Buffer, type: number): string {
  if (type === multiSz) return stringsOf(data).join('\n')
  if (isText(type)) return firstString(data)
  if (type === dword && data.length === 4) return String(data.readUInt32LE(0))
  if (type === dwordBig && data.length === 4) return String(data.readUInt32BE(0))
  if (type === qword && data.length === 8) return integerText(new DataView(data.buffer, data.byteOffset, 8), 0)
  return data.toString('hex')
}

/** UTF-16 up to its NUL. */
export function firstString(data: Buffer): string {
  const text = wideText(data, 0, data.length)
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}

/** UTF-16 with a NUL behind each text; an empty one ends them. */
export function stringsOf(data: Buffer, most?: number): string[] {
  const texts = wideText(data, 0, data.length).split('\0', most)
  const end = texts.indexOf('')
  return end < 0 ? texts : texts.slice(0, end)
}
