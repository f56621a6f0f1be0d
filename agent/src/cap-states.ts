import type { CapState } from '@tidewaiter/protocol'
import type { Budget } from './budget.ts'
import type { Cap } from './caps.ts'
import type { Spool } from './spool/spool.ts'
import { toTime } from './time.ts'

/** What caps are told from. */
export interface Capped {
  budget: Budget
  spool: Spool
}

/** Each cap: what is in force, what is used of it, and, while it slows the agent down, since when and why. */
export function capStates({ budget, spool }: Capped): CapState[] {
  const limits = budget.caps()
  const { cpuPercent, rssBytes, sentPerSecond } = budget.load()
  const held = spool.usage().bytes
  const uses: Record<Cap, number> = {
    cpuPercent,
    memoryMb: megabytes(rssBytes),
    spoolMb: megabytes(held),
    kilobytesPerSecond: Math.round(sentPerSecond / 100) / 10,
  }
  const reasons: Record<Cap, () => string> = {
    cpuPercent: () => `Its CPU cap of ${limits.cpuPercent} % of one core slows it down.`,
    memoryMb: () =>
      `It holds ${uses.memoryMb} MB, over its memory cap of ${limits.memoryMb} MB: it reads nothing until it is down.`,
    spoolMb: () => spoolReason(spool, limits.spoolMb),
    kilobytesPerSecond: () => `Its cap of ${limits.kilobytesPerSecond} kB a second on the wire slows it down.`,
  }
  return all.map((cap) => {
    const sinceMs = budget.bites.since(cap)
    const bite = sinceMs === undefined ? {} : { since: toTime(sinceMs), why: reasons[cap]() }
    return { cap, limit: limits[cap], use: uses[cap], ...bite }
  })
}

const all: readonly Cap[] = ['cpuPercent', 'memoryMb', 'spoolMb', 'kilobytesPerSecond']

function spoolReason(spool: Spool, spoolMb: number): string {
  const { bytes, byVolume } = spool.allowed()
  const may = byVolume ? `its volume spares it ${megabytes(bytes)} MB` : `its cap is ${spoolMb} MB`
  const waiting = megabytes(spool.usage().unackedBytes)
  return `${waiting} MB in its spool wait for the console, and ${may}: logs wait where they are.`
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 100_000) / 10
}

/** `25 % of one CPU`: what a cap allows. */
export function capInWords({ cap, limit }: Pick<CapState, 'cap' | 'limit'>): string {
  switch (cap) {
    case 'cpuPercent':
      return limit >= 100 ? 'CPU without a bound' : `${limit} % of one CPU`
    case 'memoryMb':
      return `${limit} MB of memory`
    case 'spoolMb':
      return `${limit} MB of spool`
    case 'kilobytesPerSecond':
      return `${limit} kB/s on the wire`
  }
}
