/** More batches than these that the index has not read: windows are filled faster than they can be judged. */
const behindBatches = 8
/** Windows that are still being filled are judged when a burst is over, or when it has lasted so long. */
const burstMs = 10_000
/** From then on all windows together take at most a tenth of the time. */
const pausePerCost = 9

/** When the engine has to stand back, so that a burst of evidence is taken and indexed first. */
export interface Burst {
  /** Until when nothing is to be judged, if that is later than now. */
  restsUntil(): number | undefined
  /** One window was judged, beginning at `fromMs`. */
  judged(fromMs: number): void
}

export function openBurst({ lag, now }: { lag(): number; now(): number }): Burst {
  let until = 0
  let wasBehind = false
  return {
    restsUntil() {
      const isBehind = lag() > behindBatches
      if (isBehind && !wasBehind) until = now() + burstMs
      wasBehind = isBehind
      return isBehind && now() < until ? until : undefined
    },
    judged(fromMs) {
      until = Math.max(until, now() + pausePerCost * (now() - fromMs))
    },
  }
}
