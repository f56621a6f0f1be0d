import { expect, test } from 'vitest'
import { newScratch } from './scratch.ts'

test('large bytes get the same memory again and again, and a larger one when they need it', () => {
  const scratch = newScratch()
  const [first, second, third] = [scratch(1_000_000), scratch(600_000), scratch(3_000_000)]
  expect([first.length, second.length, third.length]).toEqual([1_000_000, 600_000, 3_000_000])
  expect(second.buffer).toBe(first.buffer)
  expect(third.buffer).not.toBe(first.buffer)
})

test('small bytes have memory of their own, and what was kept is given back with them', () => {
  const scratch = newScratch()
  const large = scratch(1_000_000)
  const [one, other] = [scratch(100), scratch(100)]
  expect(one.buffer.byteLength).toBe(100)
  expect(other.buffer).not.toBe(one.buffer)
  expect(scratch(1_000_000).buffer).not.toBe(large.buffer)
})
