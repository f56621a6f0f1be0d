import { isUtf8 } from 'node:buffer'

/**
 * Text of bytes that the kernel gives without an encoding (names, command lines). A byte that is no UTF-8 stands as the
 * lone surrogate U+DC00 + byte, as in Python's `surrogateescape` (PEP 383): JSON keeps it, and the bytes can be had back.
 */
export function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
    const character = bytes.subarray(at, at + length)
    const isCharacter = isUtf8(character)
    text += isCharacter ? character.toString('utf8') : String.fromCharCode(0xdc00 + first)
    at += isCharacter ? length : 1
  }
  return text
}
