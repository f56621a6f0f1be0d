import type { Cap } from './caps.ts'
import type { Clock } from './host.ts'

/** How often a cap made something wait, and for how long altogether: spans that overlap count once. */
export interface Slowed {
  times: number
  seconds: number
}

/** When which cap slows the agent down. */
export interface Bites {
  /** The cap makes something wait, until what this returns is called. */
  begin(cap: Cap): () => void
  /** The cap makes something wait for so long, or until the signal aborts. */
  wait(cap: Cap, ms: number, signal: AbortSignal): Promise<void>
  /** Since when it slows the agent down, milliseconds since 1970; undefined while it does not. */
  since(cap: Cap): number | undefined
  /** What was counted since the last call. Caps that made nothing wait are not in it. */
  take(): Map<Cap, Slowed>
}

/** A cap that has let everything pass for so long does not slow the agent down any more. */
const calmMs = 10_000

interface Bite {
  waiting: number
  sinceMs: number
  /** Steady time from which on it is counted, and at which it ended last. */
  from: number
  endedAt: number
  times: number
  ms: number
}

export function newBites(clock: Clock): Bites {
  const bites = new Map<Cap, Bite>()
  const isOver = ({ waiting, endedAt }: Bite) => waiting === 0 && clock.steady() - endedAt > calmMs
  const biteOf = (cap: Cap): Bite => {
    const known = bites.get(cap) ?? {
      waiting: 0,
      sinceMs: 0,
      from: 0,
      endedAt: Number.NEGATIVE_INFINITY,
      times: 0,
      ms: 0,
    }
    bites.set(cap, known)
    return known
  }
  const begin = (cap: Cap) => {
    const bite = biteOf(cap)
    if (isOver(bite)) bite.sinceMs = clock.now()
    if (bite.waiting === 0) bite.from = clock.steady()
    bite.waiting += 1
    bite.times += 1
    return () => {
      bite.waiting -= 1
      if (bite.waiting > 0) return
      bite.endedAt = clock.steady()
      bite.ms += bite.endedAt - bite.from
    }
  }
  return {
    begin,
    async wait(cap, ms, signal) {
      const end = begin(cap)
      await clock.sleep(ms, signal)
      end()
    },
    since(cap) {
      const bite = bites.get(cap)
      return bite === undefined || isOver(bite) ? undefined : bite.sinceMs
    },
    take() {
      const slowed = new Map<Cap, Slowed>()
      for (const [cap, bite] of bites) {
        const now = clock.steady()
        const ms = bite.ms + (bite.waiting > 0 ? now - bite.from : 0)
        if (ms > 0 || bite.times > 0) slowed.set(cap, { times: bite.times, seconds: Math.round(ms) / 1000 })
        Object.assign(bite, { from: now, times: 0, ms: 0 })
      }
      return slowed
    },
  }
}
