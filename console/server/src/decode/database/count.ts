/** Whole numbers that a double cannot hold stay text, as the agent wrote them. */
export type Count = number | string

/** What a row said when it was last read, as it is kept between batches and, alone, with an event. */
export interface Reading {
  /** RFC 3339; absent where nobody knows when it was read. */
  at?: string
  /** Since when it counted. */
  since?: string
  /** By the names of an event. */
  counts: Readonly<Record<string, Count>>
}

export interface Difference {
  /** Since the reading before, or since the counters began anew after it. Never negative. */
  delta?: Record<string, Count>
  intervalMs?: number
  /** The counters began anew: what was counted between the reading before and then is not known. */
  isReset?: true
  /** Its server began anew: so did all its other counters. */
  isRestart?: true
  /** A counter is less than it was and nothing says why: what was counted since is not known. */
  hasFallen?: true
}

export function countOf(value: unknown): Count | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? value : undefined
}

/** What was counted between two readings of one row. */
export function differenceOf(before: Reading, now: Reading): Difference {
  const intervalMs = intervalOf(before, now)
  const passed = intervalMs === undefined ? {} : { intervalMs }
  if (before.since !== now.since) return { ...passed, isReset: true, delta: { ...now.counts } }
  if (lags('uptime_seconds', before, now))
    return { ...passed, isReset: true, isRestart: true, delta: { ...now.counts } }
  // `FLUSH STATUS` sets some counters to 0 and leaves others alone: of one that rose, the rise is the least it counted.
  const isFlushed = lags('counted_seconds', before, now)
  const delta: Record<string, Count> = {}
  for (const [name, count] of Object.entries(now.counts)) {
    const earlier = before.counts[name]
    if (earlier === undefined) continue
    const more = BigInt(count) - BigInt(earlier)
    if (more < 0n && !isFlushed) return { ...passed, hasFallen: true }
    delta[name] = more < 0n ? count : toCount(more)
  }
  return { ...passed, ...(isFlushed && { isReset: true }), delta }
}

function toCount(more: bigint): Count {
  return more <= Number.MAX_SAFE_INTEGER ? Number(more) : `${more}`
}

function intervalOf(before: Reading, now: Reading): number | undefined {
  if (before.at === undefined || now.at === undefined) return undefined
  const ms = Date.parse(now.at) - Date.parse(before.at)
  return ms >= 0 ? ms : undefined
}

/** A clock of the host that is set, and the moments between a question and its answer. */
const slackSeconds = 30

/** Seconds that rose by less than passed began anew, however large the counters are again. */
function lags(name: 'uptime_seconds' | 'counted_seconds', before: Reading, now: Reading): boolean {
  const [earlier, later] = [before.counts[name], now.counts[name]]
  if (earlier === undefined || later === undefined) return false
  const intervalMs = intervalOf(before, now)
  const counted = Number(later) - Number(earlier)
  return counted < 0 || (intervalMs !== undefined && counted < intervalMs / 1000 - slackSeconds)
}
