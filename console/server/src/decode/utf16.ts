import { toText, view } from './text.ts'

/**
 * Text of a line that Windows wrote as UTF-16LE, or of any other as UTF-8. Lines are cut at the byte of the line feed,
 * which is one half of it: the other half begins the next line. A line is UTF-16 where it has a NUL among its first four
 * bytes, as every line has whose first characters are of ASCII.
 */
export function toWideText(bytes: Uint8Array): string {
  if (!isWide(bytes)) return toText(bytes)
  const isMarked = bytes[0] === 0xff && bytes[1] === 0xfe
  const from = isMarked ? 2 : bytes[0] === 0 ? 1 : 0
  return view(bytes).toString('utf16le', from, bytes.length - ((bytes.length - from) % 2))
}

export function isWide(bytes: Uint8Array): boolean {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return true
  return bytes.subarray(0, 4).includes(0)
}
