import { expect, test } from 'vitest'
import { newRest } from './rest.ts'

/** A machine on which time passes in `sleep` alone; `at` is told before each sleep. */
function machine(at: (steadyMs: number) => void = () => {}) {
  const state = { ms: 0, rss: 60_000_000 }
  const end = new AbortController()
  const host = {
    steady: () => state.ms,
    async sleep(ms: number) {
      at(state.ms)
      state.ms += ms
      if (state.ms >= 10 * 3_600_000) end.abort()
    },
    use: { cpuMs: () => 0, rssBytes: () => state.rss, collectGarbage() {} },
  }
  return { state, host, signal: end.signal }
}

test('five minutes after the last of a backlog an agent that has grown by it has rested', async () => {
  const { state, host, signal } = machine((ms) => {
    if (ms <= 120_000) rest.busy()
  })
  const rest = newRest(host, { hasBegunAnew: false })
  state.rss = 90_000_000

  expect(await rest.rested(signal)).toBe(true)
  expect(state.ms).toBe(420_000)
})

test('an agent that has begun anew already does not do so again for six hours', async () => {
  const { state, host, signal } = machine()
  const rest = newRest(host, { hasBegunAnew: true })
  rest.busy()
  state.rss = 90_000_000

  expect(await rest.rested(signal)).toBe(true)
  expect(state.ms).toBe(6 * 3_600_000)
})

test('an agent that was never busy, or would be no smaller anew, goes on', async () => {
  for (const { isBusy, rss } of [
    { isBusy: false, rss: 90_000_000 },
    { isBusy: true, rss: 68_000_000 },
  ]) {
    const { state, host, signal } = machine()
    const rest = newRest(host, { hasBegunAnew: false })
    if (isBusy) rest.busy()
    state.rss = rss

    expect(await rest.rested(signal)).toBe(false)
    expect(state.ms).toBe(10 * 3_600_000)
  }
})
