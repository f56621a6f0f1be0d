import { sleepBy } from './clock.fixture.ts'
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
  const timer = (ms: number, act: () => void) => {
    ticking ??= setInterval(tick, tickMs)
    const end = () => {
      sleepers.delete(sleeper)
      if (sleepers.size > 0) return
      clearInterval(ticking)
      ticking = undefined
    }
    const sleeper = {
      at: steady + ms,
      wake() {
        end()
        act()
      },
    }
    sleepers.add(sleeper)
    return end
  }
  return {
    ...newFakeHost(),
    steady: () => steady,
    now: () => startMs + steady,
    sleep: (ms, signal) => sleepBy(timer, ms, signal),
    timer,
  }
}
