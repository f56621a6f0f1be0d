import { expect, test } from 'vitest'
import { newRoom } from './room.ts'

test('large bytes get the same memory again and again, and a larger one when they need it', () => {
  const room = newRoom()
  const [first, second, third] = [room(1_000_000), room(600_000), room(3_000_000)]
  expect([first.length, second.length, third.length]).toEqual([1_000_000, 600_000, 3_000_000])
  expect(second.buffer).toBe(first.buffer)
  expect(third.buffer).not.toBe(first.buffer)
})

test('small bytes have memory of their own, and what was kept is given back with them', () => {
  const room = newRoom()
  const large = room(1_000_000)
  const [one, other] = [room(100), room(100)]
  expect(one.buffer.byteLength).toBe(100)
  expect(other.buffer).not.toBe(one.buffer)
  expect(room(1_000_000).buffer).not.toBe(large.buffer)
})
