/**
 * Fields of bytes that nobody vouches for. Every reader gives −1 where the field lies beyond the bytes: no field has
 * this value, so that a check of the value is a check of the length too.
 */

export function u8(bytes: Uint8Array, at: number): number {
  return at < bytes.length ? (bytes[at] ?? -1) : -1
}

/** Big-endian, as networks are; so are `u24` and `u32`. */
export function u16(bytes: Uint8Array, at: number): number {
  return at + 2 > bytes.length ? -1 : ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

export function u24(bytes: Uint8Array, at: number): number {
  return at + 3 > bytes.length ? -1 : ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
}

export function u32(bytes: Uint8Array, at: number): number {
  return at + 4 > bytes.length ? -1 : i32(bytes, at) >>> 0
}

export function u16le(bytes: Uint8Array, at: number): number {
  return at + 2 > bytes.length ? -1 : ((bytes[at + 1] ?? 0) << 8) | (bytes[at] ?? 0)
}

export function u24le(bytes: Uint8Array, at: number): number {
  return at + 3 > bytes.length ? -1 : ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at] ?? 0)
}

export function u32le(bytes: Uint8Array, at: number): number {
  return at + 4 > bytes.length ? -1 : ((u16le(bytes, at + 2) << 16) | u16le(bytes, at)) >>> 0
}

/** The four bytes as a signed number, which fits into a machine word; 0 where they are not there. */
export function i32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) return 0
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
}

/** True when the bytes at `at` are these characters of ASCII. */
export function has(bytes: Uint8Array, at: number, text: string): boolean {
  if (at + text.length > bytes.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

/** Characters one by one as bytes; for what a protocol writes in ASCII. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = Math.max(from, 0); at < Math.min(to, bytes.length); at++) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}

/** The line that begins at `from` without its CR LF or LF; undefined where it does not end, or is no printable text. */
export function line(bytes: Uint8Array, from: number): string | undefined {
  const end = bytes.indexOf(10, from)
  if (end < 0) return undefined
  const to = bytes[end - 1] === 13 && end > from ? end - 1 : end
  return isPrintable(bytes, from, to) ? latin1(bytes, from, to) : undefined
}

/** True for text without control characters; bytes above ASCII may be any encoding. */
export function isPrintable(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = u8(bytes, at)
    if ((byte < 32 && byte !== 9) || byte === 127) return false
  }
  return true
}
