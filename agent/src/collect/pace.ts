import type { Policy } from '@tidewaiter/protocol'
import { newBudget } from '../budget.ts'
import { defaultCaps } from '../caps.ts'
import type { Host } from '../host.ts'

/** Garbage is given back at most so often: each time costs tens of milliseconds. */
const collectMs = 250

/**
 * Holds a collection to the caps of this machine, to be called before more is read. Somebody waits for it: without a word
 * of IT it takes all of one core. Its memory is never waited for, which could be for ever, but garbage is given back.
 */
export function newPace(host: Host, { caps = {} }: Policy): (signal: AbortSignal) => Promise<void> {
  const budget = newBudget(host)
  const { cpuPercent = 100, memoryMb = defaultCaps.memoryMb } = caps
  budget.setCaps({ ...defaultCaps, cpuPercent, memoryMb: Number.MAX_SAFE_INTEGER })
  let collectedAtMs = Number.NEGATIVE_INFINITY
  return async (signal) => {
    const isLarge = host.use.rssBytes() > memoryMb * 1e6 * 0.8
    if (isLarge && host.steady() - collectedAtMs >= collectMs) {
      host.use.collectGarbage()
      collectedAtMs = host.steady()
    }
    await budget.paceWork(signal)
  }
}
