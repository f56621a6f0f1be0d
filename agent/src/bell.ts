import type { Clock } from './host.ts'

/** Tells everybody who waits that something changed. Look first, then wait. */
export interface Bell {
  ring(): void
  /** How often it rang. Who looks with an `await` takes it before, so that no ring in between is missed. */
  rings(): number
  /** Resolves with the next ring (at once when there was one after `seen`), after `ms`, or when the signal aborts. */
  wait(ms: number, signal?: AbortSignal, seen?: number): Promise<void>
}

export function newBell(clock: Pick<Clock, 'timer'>): Bell {
  const waiting = new Set<() => void>()
  let rings = 0
  return {
    rings: () => rings,
    ring() {
      rings += 1
      for (const wake of waiting) wake()
    },
    wait(ms, signal, seen = rings) {
      return new Promise((resolve) => {
        if (signal?.aborted === true || seen !== rings) return resolve()
        const wake = () => {
          cancel()
          waiting.delete(wake)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const cancel = clock.timer(ms, wake)
        waiting.add(wake)
        signal?.addEventListener('abort', wake)
      })
    },
  }
}
