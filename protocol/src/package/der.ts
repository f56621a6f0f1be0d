import { concat } from '../bytes.ts'
import { Refusal } from '../error.ts'

/** One value in DER (X.690, 10): its tag, itself whole, and its content. */
export interface Der {
  tag: number
  whole: Uint8Array
  content: Uint8Array
}

export const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** Constructed, context-specific [0]. */
  first: 0xa0,
} as const

/** The values that stand side by side in `bytes`, to its last byte. Throws `package-malformed`. */
export function readDer(bytes: Uint8Array): Der[] {
  const values: Der[] = []
  for (let at = 0; at < bytes.length; ) {
    const { contentAt, length } = readLength(bytes, at + 1)
    const to = contentAt + length
    if (to > bytes.length) throw malformed()
    values.push({ tag: bytes[at] as number, whole: bytes.subarray(at, to), content: bytes.subarray(contentAt, to) })
    at = to
  }
  return values
}

/** Lengths of up to 64 KiB, in their shortest form. */
function readLength(bytes: Uint8Array, at: number): { contentAt: number; length: number } {
  const first = bytes[at]
  if (first === undefined || first > 0x82 || first === 0x80) throw malformed()
  if (first < 0x80) return { contentAt: at + 1, length: first }
  const more = bytes.subarray(at + 1, at + 1 + (first & 0x7f))
  const length = more.reduce((sum, byte) => sum * 256 + byte, 0)
  if (more.length !== (first & 0x7f) || length < (more.length === 1 ? 0x80 : 0x100)) throw malformed()
  return { contentAt: at + 1 + more.length, length }
}

/** Content of the value at a place, which must have this tag. Throws `package-malformed`. */
export function valueAt(values: readonly Der[], index: number, tag: number): Der {
  const value = values[index]
  if (value?.tag !== tag) throw malformed()
  return value
}

export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concat(...contents)
  const { length } = content
  if (length > 0xffff) throw new RangeError('over 64 KiB')
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return concat(Uint8Array.of(tag, ...size), content)
}

function malformed(): Refusal {
  return new Refusal('package-malformed', 'not DER of the expected form')
}
