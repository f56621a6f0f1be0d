import { expect, test } from 'vitest'
import { structureOf } from '../structure.ts'
import { inflateXpress, unpackValue } from './compression.ts'

/** Examples of [MS-XCA] 3.1, "Plain LZ77". */
test.each([
  ['abcdefghijklmnopqrstuvwxyz', '3f0000006162636465666768696a6b6c6d6e6f707172737475767778797a'],
  ['abc'.repeat(100), 'ffffff1f61626317000fff2601'],
])('%s is inflated', (text, packed) => {
  expect(Buffer.from(inflateXpress(Buffer.from(packed, 'hex'), text.length)).toString()).toBe(text)
})

/** Letters of seven bits, the lowest first; in the lower bits of the first byte stands how many bits the last one has, less one. */
function in7Bits(text: string, how: number): Buffer {
  const bits = Array.from(text, (letter) =>
    letter.charCodeAt(0).toString(2).padStart(7, '0').split('').reverse(),
  ).flat()
  const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    Number.parseInt(
      bits
        .slice(i * 8, i * 8 + 8)
        .reverse()
        .join(''),
      2,
    ),
  )
  return Buffer.from([(how << 3) | ((bits.length - 1) % 8), ...bytes])
}

test.each(['a', 'SruDbId', 'abcdefgh', 'System Resource Usage'])('%s in letters of seven bits', (text) => {
  expect(unpackValue(structureOf(in7Bits(text, 1))).bytes.toString('latin1')).toBe(text)
  expect(unpackValue(structureOf(in7Bits(text, 2))).bytes.toString('utf16le')).toBe(text)
})

test('what is packed in another way, or damaged, is told', () => {
  const codeOf = (hex: string) => {
    try {
      unpackValue(structureOf(Buffer.from(hex, 'hex')))
    } catch (cause) {
      return (cause as { damage: { code: string } }).damage.code
    }
  }

  expect(codeOf('28')).toBe('version-unknown')
  expect(codeOf('18')).toBe('ends-early')
  expect(codeOf('18ffff00000000')).toBe('compression-damaged')
  expect(codeOf('18ffffffffffffffff')).toBe('compression-damaged')
})
