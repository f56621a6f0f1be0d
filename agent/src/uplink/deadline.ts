import type { Clock } from '../host.ts'

/** Runs `act` with a signal that aborts after `ms`: `act` has to end then by itself. */
export async function withDeadline<T>(clock: Clock, ms: number, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const done = new AbortController()
  const late = new AbortController()
  void clock.sleep(ms, done.signal).then(() => done.signal.aborted || late.abort())
  try {
    return await act(late.signal)
  } finally {
    done.abort()
  }
}
