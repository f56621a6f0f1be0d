import type { Clock } from './host.ts'

/** What may be spent: `perMs` of it comes with every millisecond, and at most `burst` of it is kept. */
export interface Rate {
  perMs: number
  burst: number
}

/** Credit that is spent and comes back. Over any span no more is spent than comes in it, one burst, and one overdraft. */
export interface Bucket {
  /** From now on this rate; undefined is none. */
  setRate(rate: Rate | undefined): void
  /** Takes it, whether it is there or not: what is missing has to come back first. */
  spend(amount: number): void
  /** Whole milliseconds until there is so much, or the whole burst; 0 when there is. */
  waitMs(amount: number): number
}

export function newBucket(clock: Pick<Clock, 'steady'>): Bucket {
  let rate: Rate | undefined
  let credit = 0
  let at = clock.steady()
  const fill = () => {
    const now = clock.steady()
    if (rate !== undefined) credit = Math.min(rate.burst, credit + (now - at) * rate.perMs)
    at = now
  }
  return {
    setRate(next) {
      fill()
      if (next !== undefined) credit = rate === undefined ? next.burst : Math.min(credit, next.burst)
      rate = next
    },
    spend(amount) {
      fill()
      credit -= amount
    },
    waitMs(amount) {
      fill()
      if (rate === undefined) return 0
      return Math.max(0, Math.ceil((Math.min(amount, rate.burst) - credit) / rate.perMs))
    },
  }
}
