import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleaner, cut, mostColumn } from './clean.ts'
import { hideDocument } from './hide-document.ts'
import { openPrivacy } from './private-numbers.ts'

const privacy = openPrivacy(new Uint8Array(32).fill(7))
const clean = cleaner(privacy)

test('a value is cut to its bound, never within a character or a number', () => {
  expect(cut('abcdef', 3)).toBe('abc')
  expect(cut('ab😀', 3)).toBe('ab')
  expect(cut('id 123-45-6789', 10)).toBe('id ')
  expect(clean('x'.repeat(5000))).toHaveLength(mostColumn)
})

test('cleaning twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789- a\0'), maxLength: 1200 }), (text) => {
      expect(clean(clean(text))).toBe(clean(text))
      expect(clean(text)).not.toContain('\0')
    }),
  )
})

test('a document is shown without its private numbers, and stays itself when it has none', () => {
  const plain = { a: 'x', b: [1, { c: 'y' }] }

  expect(hideDocument(plain, privacy)).toBe(plain)
  expect(JSON.stringify(hideDocument({ a: ['x', { b: 'ssn 123-45-6789' }] }, privacy))).not.toContain('6789')
})
