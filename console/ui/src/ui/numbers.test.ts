import { expect, test } from 'vitest'
import { bytesText, inFours, plural, shortHash } from './numbers.ts'

test('bytes have three figures and decimal units', () => {
  expect([71, 999, 1000, 999_499, 2_311_004_882, 214_000_000].map(bytesText)).toEqual([
    '71 B',
    '999 B',
    '1.00 kB',
    '999 kB',
    '2.31 GB',
    '214 MB',
  ])
})

test('a hash is read in fours', () => {
  expect(inFours('c6e6a803971e3122')).toBe('c6e6 a803 971e 3122')
})

test('a long hash keeps its first eight and last four', () => {
  expect(shortHash(`2a49d04c${'0'.repeat(52)}03b0`)).toBe('2a49d04c…03b0')
})

test('one is one', () => {
  expect([plural(1, 'host'), plural(0, 'host'), plural(1214, 'entry', 'entries')]).toEqual([
    '1 host',
    '0 hosts',
    '1,214 entries',
  ])
})
