import { expect, onTestFinished, test, vi } from 'vitest'
import { newFakeClock } from './clock.fixture.ts'
import { keepTidy } from './tidy.ts'

test('memory is given back soon after the start and then every five minutes, and every fourth time all there is', async () => {
  const clock = newFakeClock()
  const gc = vi.fn()
  vi.stubGlobal('gc', gc)
  onTestFinished(() => void vi.unstubAllGlobals())
  const flavors = () => gc.mock.calls.map(([{ flavor }]) => flavor)
  const halt = new AbortController()
  const done = keepTidy(clock, halt.signal)

  await clock.advance(3 * 60_000)
  expect(flavors()).toEqual(['last-resort', 'regular', 'regular'])
  await clock.advance(10 * 60_000)
  expect(flavors()).toEqual(['last-resort', 'regular', 'regular', 'regular', 'last-resort'])

  halt.abort()
  await done
  expect(gc).toHaveBeenCalledTimes(5)
})

test('an agent that was started without the means goes on without', async () => {
  vi.stubGlobal('gc', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())

  await expect(keepTidy(newFakeClock(), new AbortController().signal)).resolves.toBeUndefined()
})
