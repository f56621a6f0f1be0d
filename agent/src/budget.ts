import type { Policy } from '@tidewaiter/protocol'
import type { Clock } from './host.ts'

interface Load {
  /** Of one core, over some seconds. */
  cpuPercent: number
  rssBytes: number
}

/** Holds the agent to the caps in force by making it wait. */
export interface Budget {
  setCaps(caps: NonNullable<Policy['caps']>): void
  /** To be called before more is read: waits while the caps on CPU or memory are exceeded. */
  paceWork(signal: AbortSignal): Promise<void>
  /** To be called after bytes were sent: waits as long as the cap says they take. */
  paceWire(bytes: number, signal: AbortSignal): Promise<void>
  load(): Load
}

/** What this process has used. */
export interface Use {
  cpuMs(): number
  rssBytes(): number
}

const ownUse: Use = {
  cpuMs() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
  rssBytes: () => process.memoryUsage.rss(),
}

/** Work above the cap that is let through at once, and the longest wait for one hand-over. */
const burstMs = 500
const mostWaitMs = 5_000
/** The load is measured over at least so long. */
const loadMs = 5_000

export function newBudget(clock: Clock, use: Use = ownUse): Budget {
  let caps: NonNullable<Policy['caps']> = {}
  let debtMs = 0
  let paid = { cpuMs: use.cpuMs(), steady: clock.steady() }
  let measured = paid
  let load: Load = { cpuPercent: 0, rssBytes: use.rssBytes() }
  const look = () => ({ cpuMs: use.cpuMs(), steady: clock.steady() })
  return {
    setCaps(next) {
      caps = next
    },
    async paceWork(signal) {
      const now = look()
      const share = (caps.cpuPercent ?? 100) / 100
      if (share < 1) debtMs = Math.max(0, debtMs + now.cpuMs - paid.cpuMs - (now.steady - paid.steady) * share)
      paid = now
      if (share < 1 && debtMs > burstMs) await clock.sleep(Math.min(debtMs / share, mostWaitMs), signal)
      // Memory does not come back for waiting, but nothing new is asked for until what is queued has gone.
      if (use.rssBytes() > (caps.memoryMb ?? Number.POSITIVE_INFINITY) * 1_000_000)
        await clock.sleep(mostWaitMs, signal)
    },
    async paceWire(bytes, signal) {
      if (caps.kilobytesPerSecond !== undefined) await clock.sleep(bytes / caps.kilobytesPerSecond, signal)
    },
    load() {
      const now = look()
      const elapsedMs = now.steady - measured.steady
      if (elapsedMs < loadMs) return load
      const cpuPercent = Math.round(((now.cpuMs - measured.cpuMs) / elapsedMs) * 1000) / 10
      load = { cpuPercent: Math.max(0, cpuPercent), rssBytes: use.rssBytes() }
      measured = now
      return load
    },
  }
}
