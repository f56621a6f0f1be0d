import type { Histogram } from '@tidewaiter/protocol/api'
import { count, plural } from '../ui/numbers.ts'
import { durationText, formatTime } from '../ui/time.ts'

export interface CountBar {
  at: string
  count: number
  /** Percent of the width. */
  x: number
  width: number
  /** Of the highest bar, 0 to 1; a bar that is not empty is never invisible. */
  share: number
}

/** Buckets as bars over the span that was asked. */
export function barsOfBuckets(
  { buckets, bucketMs }: Histogram,
  { from, to }: { from: number; to: number },
): CountBar[] {
  const whole = Math.max(to - from, 1)
  const most = buckets.reduce((most, bucket) => Math.max(most, bucket.count), 1)
  return buckets
    .filter(({ count }) => count > 0)
    .flatMap(({ at, count }) => {
      const start = Math.max(Date.parse(at), from)
      const end = Math.min(Date.parse(at) + bucketMs, to)
      if (end <= start) return []
      const width = ((end - start) / whole) * 100
      return [
        {
          at,
          count,
          x: ((start - from) / whole) * 100 + width * 0.1,
          width: width * 0.8,
          share: Math.max(count / most, 0.03),
        },
      ]
    })
}

/** Five times under the chart: the ends, and three between. */
export function ticksOf({ from, to }: { from: number; to: number }) {
  return [0, 1, 2, 3, 4].map((quarter) => ({
    at: new Date(from + ((to - from) * quarter) / 4).toISOString(),
    x: quarter * 25,
    anchor: quarter === 0 ? ('start' as const) : quarter === 4 ? ('end' as const) : ('middle' as const),
  }))
}

/** The chart in words, for those who do not see it. */
export function chartText({ buckets, bucketMs, total }: Histogram, zone: string): string {
  const most = buckets.reduce((best, bucket) => (bucket.count > best.count ? bucket : best), { at: '', count: 0 })
  if (most.count === 0) return 'No events in this span'
  const peak = `most, ${count(most.count)}, from ${formatTime(most.at, { zone, precision: 'minute' })}`
  return `${plural(total, 'event')}, counted per ${durationText(bucketMs)}; ${peak}`
}
