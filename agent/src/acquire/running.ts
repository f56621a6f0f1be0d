import { Refusal } from '@tidewaiter/protocol'

/** Tasks that are being done or wait for it, so that each can be ended. */
export interface Running {
  /** Ends a task, now or as soon as it begins. */
  cancel(task: string): void
  /** Aborts when the task is cancelled, or with `signal`. To be given back when it is done. */
  begin(task: string, signal: AbortSignal): { signal: AbortSignal; end(): void }
}

/** Tasks that were cancelled before they came to their turn: no more can be waiting. */
const most = 64

export function newRunning(): Running {
  const running = new Map<string, AbortController>()
  const cancelled = new Set<string>()
  const why = () => new Refusal<string>('task-cancelled', 'cancelled by the console')
  return {
    cancel(task) {
      const one = running.get(task)
      if (one !== undefined) return one.abort(why())
      cancelled.add(task)
      if (cancelled.size > most) for (const first of [...cancelled].slice(0, 1)) cancelled.delete(first)
    },
    begin(task, signal) {
      const own = new AbortController()
      running.set(task, own)
      if (cancelled.delete(task)) own.abort(why())
      return { signal: AbortSignal.any([signal, own.signal]), end: () => void running.delete(task) }
    },
  }
}
