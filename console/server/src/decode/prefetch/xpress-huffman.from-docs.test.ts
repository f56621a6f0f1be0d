import { expect, test } from 'vitest'
import { inflateXpressHuffman } from './xpress-huffman.ts'

/** Both examples of [MS-XCA] 3.2, "LZ77+Huffman": 26 letters, and 300 bytes that repeat three. */
function table(lengths: Readonly<Record<number, number>>): Buffer {
  const bytes = Buffer.alloc(256)
  for (const [symbol, length] of Object.entries(lengths))
    bytes[Number(symbol) >> 1] = (bytes[Number(symbol) >> 1] ?? 0) | (length << (Number(symbol) % 2 === 0 ? 0 : 4))
  return bytes
}

test('letters without a copy', () => {
  const letters = Object.fromEntries(Array.from({ length: 26 }, (_, i) => [97 + i, i < 22 ? 5 : 4]))
  const packed = Buffer.concat([
    table({ ...letters, 256: 4 }),
    Buffer.from('d8523ed794115be9195ff9d67cdf8d0400000000', 'hex'),
  ])

  expect(Buffer.from(inflateXpressHuffman(packed, 26)).toString()).toBe('abcdefghijklmnopqrstuvwxyz')
})

test('a copy of what came before, longer than its distance', () => {
  const packed = Buffer.concat([table({ 97: 3, 98: 3, 99: 2, 256: 2, 287: 2 }), Buffer.from('a8dc0000ff2601', 'hex')])

  expect(Buffer.from(inflateXpressHuffman(packed, 300)).toString()).toBe('abc'.repeat(100))
})

test.each([
  ['no table', Buffer.alloc(100)],
  ['a table of nothing', Buffer.alloc(400)],
  ['a table of too many codes', Buffer.alloc(400, 0x11)],
])('%s is damaged', (_, packed) => {
  expect(() => inflateXpressHuffman(packed, 300)).toThrow(
    expect.objectContaining({ damage: expect.objectContaining({ code: 'compression-damaged' }) }),
  )
})
