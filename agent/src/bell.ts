import type { Clock } from './host.ts'

/** Tells everybody who waits that something changed. Look first, then wait. */
export interface Bell {
  ring(): void
  /** How often it rang. Who looks with an `await` takes it before, so that no ring in between is missed. */
  rings(): number
  /** Resolves with the next ring (at once when there was one after `seen`), after `ms`, or when the signal aborts. */
  wait(ms: number, signal?: AbortSignal, seen?: number): Promise<void>
}

/** Why a sleeper is woken; without a reason, an error with its stack is made for each. */
const woken = 'woken'

export function newBell(clock: Pick<Clock, 'sleep'>): Bell {
  const waiting = new Set<AbortController>()
  let rings = 0
  return {
    rings: () => rings,
    ring() {
      rings += 1
      for (const sleeper of waiting) sleeper.abort(woken)
    },
    async wait(ms, signal, seen = rings) {
      if (signal?.aborted === true || seen !== rings) return
      const sleeper = new AbortController()
      const stop = () => sleeper.abort(woken)
      waiting.add(sleeper)
      signal?.addEventListener('abort', stop, { once: true })
      await clock.sleep(ms, sleeper.signal)
      signal?.removeEventListener('abort', stop)
      waiting.delete(sleeper)
    },
  }
}
