import { type FakeHost, newFakeHost } from './host.fixture.ts'

const tickMs = 2

/**
 * A machine on which time passes `speed` times as fast as here: for tests over real sockets. It passes in ticks, and
 * only while somebody waits for it: a process that gets no processor time does not find all its time limits passed.
 */
export function newFastHost(speed = 200): FakeHost {
  const startMs = Date.now()
  const sleepers = new Set<{ at: number; wake(): void }>()
  let steady = 0
  let ticking: NodeJS.Timeout | undefined
  const tick = () => {
    steady += tickMs * speed
    const due = [...sleepers].filter(({ at }) => at <= steady).sort((a, b) => a.at - b.at)
    for (const { wake } of due) wake()
  }
  return {
    ...newFakeHost(),
    steady: () => steady,
    now: () => startMs + steady,
    sleep(ms, signal) {
      if (signal?.aborted === true) return Promise.resolve()
      ticking ??= setInterval(tick, tickMs)
      return new Promise((resolve) => {
        const sleeper = {
          at: steady + ms,
          wake() {
            sleepers.delete(sleeper)
            signal?.removeEventListener('abort', sleeper.wake)
            if (sleepers.size === 0) {
              clearInterval(ticking)
              ticking = undefined
            }
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', sleeper.wake, { once: true })
      })
    },
  }
}
