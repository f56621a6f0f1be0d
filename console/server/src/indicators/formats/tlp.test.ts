import { expect, test } from 'vitest'
import { strictest, toTlp } from './tlp.ts'

test.each([
  ['TLP:AMBER', 'AMBER'],
  ['tlp:amber+strict', 'AMBER+STRICT'],
  ['green', 'GREEN'],
  ['TLP RED', 'RED'],
  ['tlp:white', 'CLEAR'],
  ['purple', undefined],
  ['', undefined],
])('%s means %s', (text, label) => {
  expect(toTlp(text)).toBe(label)
})

test('of several labels the strictest holds', () => {
  expect(strictest(['GREEN', 'AMBER+STRICT', 'CLEAR', 'AMBER'])).toBe('AMBER+STRICT')
  expect(strictest([])).toBeUndefined()
})
