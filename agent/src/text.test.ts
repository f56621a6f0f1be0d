import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textOf } from './text.ts'

test('text is text, and a byte that is no UTF-8 stands as a lone surrogate that JSON keeps', () => {
  expect(textOf(Buffer.from('café\0'))).toBe('café\0')
  expect(JSON.stringify(textOf(Buffer.from('caf\xe9 \xff', 'latin1')))).toBe('"caf\\udce9 \\udcff"')
  expect(textOf(Buffer.from('eda080', 'hex'))).toBe('\udced\udca0\udc80')
})

test('the bytes can be had back from the text, whatever they were', () => {
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  )
  fc.assert(
    fc.property(fc.array(bytes), (parts) => {
      const all = Buffer.concat(parts)
      expect(bytesOf(textOf(all)).equals(all)).toBe(true)
    }),
  )
})

function bytesOf(text: string): Buffer {
  const parts = Array.from(text, (character) => {
    const code = character.charCodeAt(0)
    return character.length === 1 && code >= 0xdc80 && code <= 0xdcff
      ? Buffer.of(code - 0xdc00)
      : Buffer.from(character)
  })
  return Buffer.concat(parts)
}
