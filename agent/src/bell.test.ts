import { expect, test } from 'vitest'
import { newBell } from './bell.ts'
import { newFakeClock } from './clock.fixture.ts'

test('everybody who waits is woken by a ring, and those who come later wait for the next', async () => {
  const { bell, woken, waiting } = newHall()
  waiting('a')
  waiting('b')

  bell.ring()
  expect(await woken()).toEqual(['a', 'b'])

  waiting('c')
  expect(await woken()).toEqual(['a', 'b'])
})

test('a ring between the look and the wait is not missed', async () => {
  const { bell, woken, waiting } = newHall()
  const seen = bell.rings()
  await Promise.resolve()
  bell.ring()

  waiting('a', seen)

  expect(await woken()).toEqual(['a'])
})

test('a wait ends with its time or its signal', async () => {
  const { clock, bell, woken, waiting } = newHall()
  const stop = new AbortController()
  waiting('a')
  void bell.wait(1e9, stop.signal).then(() => waiting('b', -1))

  stop.abort()
  expect(await woken()).toEqual(['b'])
  await clock.advance(1_000)
  expect(await woken()).toEqual(['b', 'a'])
})

function newHall() {
  const clock = newFakeClock()
  const bell = newBell(clock)
  const names: string[] = []
  return {
    clock,
    bell,
    waiting: (name: string, seen?: number) => void bell.wait(1_000, undefined, seen).then(() => names.push(name)),
    async woken() {
      await clock.settle()
      return names
    },
  }
}
