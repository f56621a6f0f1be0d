import { u8, u16, u24, u32 } from '../bytes.ts'

/** An element of BER (X.690): its tag, and where its content lies. `to` may be beyond what was captured. */
export interface Element {
  tag: number
  from: number
  to: number
}

export const tag = { integer: 0x02, octets: 0x04, enumerated: 0x0a, sequence: 0x30 }

/** Tags of one byte and lengths that are told, as all protocols here have them. */
export function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const first = u8(bytes, at + 1)
  if (first < 0) return undefined
  const element = (size: number, length: number) =>
    length < 0 ? undefined : { tag: u8(bytes, at), from: at + 2 + size, to: at + 2 + size + length }
  if (first < 0x80) return element(0, first)
  if (first === 0x81) return element(1, u8(bytes, at + 2))
  if (first === 0x82) return element(2, u16(bytes, at + 2))
  if (first === 0x83) return element(3, u24(bytes, at + 2))
  return first === 0x84 ? element(4, u32(bytes, at + 2)) : undefined
}

/** The element within another, with this tag; it must not end after the outer one. */
export function inner(
  bytes: Uint8Array,
  outer: Element | undefined,
  wanted: number,
  at = outer?.from,
): Element | undefined {
  if (outer === undefined || at === undefined) return undefined
  const element = elementAt(bytes, at)
  return element !== undefined && element.tag === wanted && element.to <= outer.to ? element : undefined
}

/** The value of an integer of at most 4 bytes; −1 for a longer or negative one. */
export function integerOf(bytes: Uint8Array, element: Element | undefined): number {
  if (element === undefined || element.to - element.from > 4 || element.to > bytes.length) return -1
  if (element.from === element.to || u8(bytes, element.from) > 127) return -1
  let value = 0
  for (let at = element.from; at < element.to; at++) value = value * 256 + u8(bytes, at)
  return value
}
