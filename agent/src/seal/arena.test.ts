import { limits } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { Arena } from './arena.ts'

const bytesOf = (value: number, length = 500_000) => new Uint8Array(length).fill(value)

test('copies stay what they were, whatever becomes of the original and of the copies behind them', () => {
  const arena = new Arena()
  arena.copyOf(bytesOf(0, limits.raw / 4))
  arena.clear()
  const original = bytesOf(1)
  const copies = [original, bytesOf(2, 10), bytesOf(3), ...Array.from({ length: 12 }, (_, i) => bytesOf(4 + i))].map(
    (bytes) => arena.copyOf(bytes),
  )
  original.fill(9)
  expect(copies.map((copy) => [copy.length, new Set(copy)])).toEqual([
    [500_000, new Set([1])],
    [10, new Set([2])],
    [500_000, new Set([3])],
    ...Array.from({ length: 12 }, (_, i) => [500_000, new Set([4 + i])]),
  ])
})

test('what follows a burst is copied into the same memory again, which is given back when little was copied', () => {
  const arena = new Arena()
  const memory = () => {
    const { buffer } = arena.copyOf(bytesOf(1, limits.raw / 4))
    arena.clear()
    return buffer
  }
  const alone = memory()
  const kept = memory()
  expect(kept).not.toBe(alone)
  expect(memory()).toBe(kept)

  expect(arena.copyOf(bytesOf(1)).buffer).toBe(kept)
  arena.clear()
  expect(memory()).not.toBe(kept)
})
