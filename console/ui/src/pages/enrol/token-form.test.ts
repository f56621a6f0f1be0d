import { expect, test } from 'vitest'
import { usesOf } from './token-form.tsx'

test('a token is for one computer to ten thousand, and for nothing that is no number', () => {
  expect([' 5 ', '1', '10000'].map(usesOf)).toEqual([5, 1, 10_000])
  expect(['', '0', '10001', '-1', '1.5', '5 computers', '１'].map(usesOf)).toEqual(Array(7).fill(undefined))
})
