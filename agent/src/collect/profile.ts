import type { CollectionProfile } from '@tidewaiter/protocol'
import type { Collector, Once } from '../collectors/collector.ts'

/** How much of a machine is read. */
export interface Bounds {
  once: Once
  /** Logs that changed last before then are not read, milliseconds since 1970. */
  sinceMs: number
  /** One collector gives no more. */
  mostBytes: number
}

const dayMs = 24 * 60 * 60_000
const triage = { days: 7, newestBytes: 64_000_000, mostBytes: 512_000_000 }

/** `triage` is what fits on any drive in some minutes: seven days of logs, and of each log the newest 64 MB. */
export function boundsOf(profile: CollectionProfile, nowMs: number): Bounds {
  if (profile === 'full') return { once: {}, sinceMs: Number.NEGATIVE_INFINITY, mostBytes: Number.POSITIVE_INFINITY }
  const { days, newestBytes, mostBytes } = triage
  return { once: { newestBytes }, sinceMs: nowMs - days * dayMs, mostBytes }
}

/**
 * What is gone in a moment comes first, what lies on the disk last (RFC 3227, 2.1): snapshots, then logs, which may take
 * hours, then what walks over the disk.
 */
export function byVolatility(collectors: readonly Collector[]): Collector[] {
  const rank = ({ every, mayTakeMs }: Collector) => (mayTakeMs !== undefined ? 2 : every === undefined ? 1 : 0)
  return collectors.toSorted((a, b) => rank(a) - rank(b))
}
