import type { Clock } from './host.ts'

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves on by `ms`; whoever sleeps until then wakes in the right order, and what they do is done. */
  advance(ms: number): Promise<void>
  /** Lets everything happen that does not wait for time. */
  settle(): Promise<void>
}

export function newFakeClock(startMs = Date.parse('2026-11-24T10:00:00.000Z')): FakeClock {
  let steady = 0
  const sleepers = new Set<{ at: number; wake: () => void }>()
  const settle = async () => {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
  }
  const timer = (ms: number, act: () => void) => {
    const sleeper = {
      at: steady + ms,
      wake() {
        sleepers.delete(sleeper)
        act()
      },
    }
    sleepers.add(sleeper)
    return () => void sleepers.delete(sleeper)
  }
  return {
    now: () => startMs + steady,
    steady: () => steady,
    sleep: (ms, signal) => sleepBy(timer, ms, signal),
    timer,
    settle,
    async advance(ms) {
      const end = steady + ms
      await settle()
      for (;;) {
        const [next] = [...sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (next === undefined) break
        steady = Math.max(steady, next.at)
        next.wake()
        await settle()
      }
      steady = end
    },
  }
}

/** A sleep as `Clock` says, of what its `timer` does. */
export function sleepBy(timer: Clock['timer'], ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve()
  return new Promise((resolve) => {
    const cancel = timer(ms, resolve)
    const stop = () => {
      cancel()
      resolve()
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}
