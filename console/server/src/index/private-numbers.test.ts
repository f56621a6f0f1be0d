import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openPrivacy } from './private-numbers.ts'

const privacy = openPrivacy(new Uint8Array(32).fill(7))

test('a social security number, an importer number and a CBP-assigned number leave a token and no digit', () => {
  const hidden = privacy.hide('ssn 123-45-6789, importer 12-3456789, 12-3456789AB and 260011-12345.')

  expect(hidden).toMatch(/^ssn pn[0-9a-f]{24}, importer pn[0-9a-f]{24}, pn[0-9a-f]{24} and pn[0-9a-f]{24}\.$/)
})

test('nine bare digits are hidden only next to a word that names them', () => {
  expect(privacy.hide('session 123456789 opened')).toBe('session 123456789 opened')
  expect(privacy.hide('SSN: 123456789 opened')).toMatch(/^SSN: pn[0-9a-f]{24} opened$/)
})

test('the same number gives the same token with and without dashes, and another key gives another', () => {
  const other = openPrivacy(new Uint8Array(32).fill(8))

  expect(privacy.tokenOf('123-45-6789')).toBe(privacy.tokenOf('123456789'))
  expect(privacy.hide('x 123-45-6789')).toBe(`x ${privacy.tokenOf('123456789')}`)
  expect(other.tokenOf('123456789')).not.toBe(privacy.tokenOf('123456789'))
  expect(privacy.tokenOf('203.0.113.5')).toBeUndefined()
})

test('dates, addresses and longer numbers stay as they are', () => {
  for (const text of [
    '2026-11-24T04:09:18Z',
    '10.0.0.1-10.0.0.9',
    '1123-45-67890',
    'a123-45-6789',
    '550e8400-e29b-41d4-a716-446655440000',
  ])
    expect(privacy.hide(text)).toBe(text)
})

test('no number written with dashes is left in any text', () => {
  const number = fc.stringMatching(/^\d{3}-\d{2}-\d{4}$/)
  const around = fc.string({ unit: fc.constantFrom(...' .,;:=()"-_/') })

  fc.assert(
    fc.property(around, number, around, (before, ssn, after) => {
      fc.pre(!/_$/.test(before) && !/^_/.test(after))
      expect(privacy.hide(`${before}${ssn}${after}`)).not.toContain(ssn)
    }),
  )
})
