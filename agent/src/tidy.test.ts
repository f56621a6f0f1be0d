import { expect, onTestFinished, test, vi } from 'vitest'
import { newFakeClock } from './clock.fixture.ts'
import { keepTidy } from './tidy.ts'

test('memory is given back every minute until the agent halts, at first and every ten minutes all there is', async () => {
  const clock = newFakeClock()
  const gc = vi.fn()
  vi.stubGlobal('gc', gc)
  onTestFinished(() => void vi.unstubAllGlobals())
  const halt = new AbortController()
  const done = keepTidy(clock, halt.signal)

  await clock.advance(11 * 60_000)
  const flavors = gc.mock.calls.map(([{ flavor }]) => flavor)
  expect(flavors).toEqual(['last-resort', ...new Array(9).fill('regular'), 'last-resort'])

  halt.abort()
  await done
  expect(gc).toHaveBeenCalledTimes(11)
})

test('an agent that was started without the means goes on without', async () => {
  vi.stubGlobal('gc', undefined)
  onTestFinished(() => void vi.unstubAllGlobals())

  await expect(keepTidy(newFakeClock(), new AbortController().signal)).resolves.toBeUndefined()
})
