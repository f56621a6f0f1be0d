import { expect, test } from 'vitest'
import { counted } from './counted.ts'

test('one is one, and nothing is many', () => {
  expect([0, 1, 2].map((count) => counted(count, 'record'))).toEqual(['0 records', '1 record', '2 records'])
  expect([0, 1, 2].map((count) => counted(count, 'batch', 'batches'))).toEqual(['0 batches', '1 batch', '2 batches'])
})
