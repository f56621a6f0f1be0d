import type { Cut } from '../cut.ts'
import { toText, view } from '../text.ts'

/** systemd's longest name of a field has 64 characters (journal-file.c); more than this is no name. */
const mostName = 256
const [LF, equals] = [0x0a, 0x3d]

/** A field of an entry: where its name and its value lie, and where the next field begins. */
interface Field {
  nameEnd: number
  from: number
  to: number
  next: number
}

/**
 * The field that begins at `at` in the Journal Export Format (systemd.io/JOURNAL_EXPORT_FORMATS): `NAME=text`, or NAME,
 * LF, a 64-bit length (little-endian), that many bytes, LF. Undefined where it does not end within the bytes, `'none'`
 * for what is no field.
 */
function fieldAt(bytes: Uint8Array, at: number): Field | 'none' | undefined {
  let nameEnd = at
  while (nameEnd < bytes.length && bytes[nameEnd] !== equals && bytes[nameEnd] !== LF) {
    nameEnd++
    if (nameEnd - at > mostName) return 'none'
  }
  if (nameEnd === bytes.length) return undefined
  if (bytes[nameEnd] === equals) {
    const to = bytes.indexOf(LF, nameEnd)
    return to < 0 ? undefined : { nameEnd, from: nameEnd + 1, to, next: to + 1 }
  }
  const from = nameEnd + 9
  if (from > bytes.length) return undefined
  const to = from + lengthAt(bytes, nameEnd + 1)
  if (to >= bytes.length) return undefined
  return bytes[to] === LF ? { nameEnd, from, to, next: to + 1 } : 'none'
}

function lengthAt(bytes: Uint8Array, at: number): number {
  const data = new DataView(bytes.buffer, bytes.byteOffset + at, 8)
  return data.getUint32(0, true) + data.getUint32(4, true) * 0x1_0000_0000
}

/** One record an entry: an empty line ends it, outside of the bytes of a field. */
export const entries: Cut = (bytes, from) => {
  for (let at = from; at < bytes.length; ) {
    if (bytes[at] === LF) return { end: at, next: at + 1 }
    const field = fieldAt(bytes, at)
    if (field === undefined) return undefined
    if (field === 'none') return cutAtEmptyLine(bytes, at)
    at = field.next
  }
  return undefined
}

/** What is no entry goes on to the next empty line. */
function cutAtEmptyLine(bytes: Uint8Array, at: number): { end: number; next: number } | undefined {
  const end = view(bytes).indexOf('\n\n', at)
  return end < 0 ? undefined : { end: end + 1, next: end + 2 }
}

/** Values by name. */
export type Fields = Readonly<Record<string, string | undefined>>

/**
 * The first value of each name that is asked for; undefined where something is no field.
 * @param text of the bytes: most entries have no field that is not a line of it, and are read there
 */
export function readEntry(bytes: Uint8Array, text: string, names: ReadonlySet<string>): Fields | undefined {
  return readText(text, names) ?? readBytes(bytes, names)
}

/** Undefined where a line is no `NAME=text`. */
function readText(text: string, names: ReadonlySet<string>): Fields | undefined {
  const fields: Record<string, string> = Object.create(null)
  for (let at = 0; at < text.length; ) {
    const lf = text.indexOf('\n', at)
    const end = lf < 0 ? text.length : lf
    const nameEnd = text.indexOf('=', at)
    if (nameEnd < 0 || nameEnd > end || nameEnd - at > mostName) return undefined
    const name = text.slice(at, nameEnd)
    if (names.has(name)) fields[name] ??= text.slice(nameEnd + 1, end)
    at = end + 1
  }
  return fields
}

function readBytes(bytes: Uint8Array, names: ReadonlySet<string>): Fields | undefined {
  const fields: Record<string, string> = Object.create(null)
  for (let at = 0; at < bytes.length; ) {
    const field = fieldAt(bytes, at) ?? lastField(bytes, at)
    if (field === 'none') return undefined
    const name = view(bytes).toString('latin1', at, field.nameEnd)
    if (names.has(name)) fields[name] ??= toText(bytes.subarray(field.from, field.to))
    at = field.next
  }
  return fields
}

/** The last field of a record may have lost its LF to the empty line. */
function lastField(bytes: Uint8Array, at: number): Field | 'none' {
  const nameEnd = bytes.indexOf(equals, at)
  return nameEnd < 0 || nameEnd - at > mostName
    ? 'none'
    : { nameEnd, from: nameEnd + 1, to: bytes.length, next: bytes.length }
}
