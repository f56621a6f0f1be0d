import type { CoverageSpan, CoverageState } from '@tidewaiter/protocol/api'
import { formatTime } from '../ui/time.ts'

export interface SourceCoverage {
  id: string
  spans: CoverageSpan[]
  records: number
  /** Null where some loss could not be counted. */
  lost: number | null
  last: CoverageSpan
}

/** Spans grouped by source, in the order in which sources first appear. */
export function bySource(spans: readonly CoverageSpan[]): SourceCoverage[] {
  const groups = Map.groupBy(spans, (span) => span.id)
  return [...groups].flatMap(([id, own]) => {
    const last = own.at(-1)
    if (last === undefined) return []
    const unknown = own.some((span) => span.state === 'lost' && span.lost === null)
    return [
      {
        id,
        spans: own,
        records: own.reduce((sum, span) => sum + (span.records ?? 0), 0),
        lost: unknown ? null : own.reduce((sum, span) => sum + (span.lost ?? 0), 0),
        last,
      },
    ]
  })
}

export interface Bounds {
  from: number
  to: number
}

/** From the earliest to the latest instant that any span speaks of. */
export function boundsOfSpans(spans: readonly Pick<CoverageSpan, 'from' | 'to'>[]): Bounds | undefined {
  if (spans.length === 0) return undefined
  return {
    from: Math.min(...spans.map((span) => Date.parse(span.from))),
    to: Math.max(...spans.map((span) => Date.parse(span.to))),
  }
}

export interface Bar {
  state: CoverageState
  /** Percent of the strip. */
  x: number
  width: number
}

/** Spans as bars of a strip. A loss is never thinner than half a percent: it must be seen. */
export function barsOf(spans: readonly CoverageSpan[], { from, to }: Bounds): Bar[] {
  const whole = Math.max(to - from, 1)
  return spans.flatMap((span) => {
    const start = Math.max(Date.parse(span.from), from)
    const end = Math.min(Date.parse(span.to), to)
    if (end < start) return []
    const width = Math.max(((end - start) / whole) * 100, span.state === 'lost' ? 0.5 : 0.2)
    const x = Math.min(((start - from) / whole) * 100, 100 - width)
    return [{ state: span.state, x, width }]
  })
}

const says: Record<CoverageState, string> = {
  covered: 'covered',
  lost: 'records lost',
  'not-enabled': 'not enabled',
  'not-asked': 'not asked',
  'not-reachable': 'not reachable',
}

/** The strip in words, for those who do not see it. */
export function stripText(spans: readonly CoverageSpan[], zone: string): string {
  if (spans.length === 0) return 'Nothing is known of it'
  const time = (at: string) => formatTime(at, { zone, precision: 'minute', date: 'short' })
  const parts = spans.slice(0, 12).map((span) => `${says[span.state]} ${time(span.from)} to ${time(span.to)}`)
  if (spans.length > 12) parts.push(`and ${spans.length - 12} more spans`)
  const text = parts.join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
