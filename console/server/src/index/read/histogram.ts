import type { Histogram } from '@tidewaiter/protocol/api'
import { histogramSql } from '../query/sql.ts'
import { type Asked, ask, isOpen, wholeQuestion } from './asking.ts'
import { daysOf } from './days.ts'
import { type Handles, limited } from './handles.ts'
import { toTime } from './rows.ts'

type Bucket = { bucket: number; count: number }

const hourMs = 3_600_000
const mostBuckets = 120
const sizes = [
  1000,
  5000,
  10_000,
  30_000,
  60_000,
  300_000,
  600_000,
  1_800_000,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
]
const dayMs = 24 * hourMs

export interface HistogramOptions {
  handles: Handles
  endsAtMs: number
  nowMs: number
}

/** Counts over the span of the search; where it is open, over the times of what there is. */
export async function histogramOf(
  { handles, endsAtMs, nowMs }: HistogramOptions,
  asked: Asked,
): Promise<Omit<Histogram, 'coverage'>> {
  const days = await daysOf(handles, asked)
  const least = Math.min(...days.map(({ minAt }) => minAt))
  const most = Math.max(...days.map(({ maxAt }) => maxAt))
  const fromMs = asked.fromMs ?? (Number.isFinite(least) ? least : nowMs)
  const toMs = asked.toMs ?? Math.max(Number.isFinite(most) ? most + 1 : nowMs, fromMs)
  const bucketMs = bucketOf(toMs - fromMs)
  const isByHours = isOpen(asked) && bucketMs % hourMs === 0 && isWhole(asked.fromMs) && isWhole(asked.toMs)
  const counts = new Map<number, number>()
  const add = ({ bucket, count }: Bucket) => counts.set(bucket, (counts.get(bucket) ?? 0) + count)
  if (isByHours) for (const bucket of await byHours(handles, asked, bucketMs)) add(bucket)
  else
    for (const { name } of days) {
      const rows = await handles.day(name, (db) =>
        limited(db, endsAtMs, () => ask<Bucket>(db, histogramSql('sqlite', wholeQuestion(asked), bucketMs))),
      )
      for (const bucket of rows) add(bucket)
    }
  const buckets = [...counts].sort(([a], [b]) => a - b).map(([at, count]) => ({ at: toTime(at), count }))
  const total = buckets.reduce((sum, { count }) => sum + count, 0)
  return { bucketMs, buckets, total, asOf: asked.asOf }
}

/** Open, or on the hour: then the sums of hours are all that is needed. */
function isWhole(ms: number | undefined): boolean {
  return ms === undefined || ms % hourMs === 0
}

/** The smallest size that gives no more bars than can be told apart. */
function bucketOf(spanMs: number): number {
  const size = sizes.find((candidate) => spanMs / candidate <= mostBuckets)
  return size ?? Math.max(1, Math.ceil(spanMs / dayMs / mostBuckets)) * dayMs
}

/** Sums that the events writer keeps; they may be ahead of `asOf` by what it has read since. */
function byHours(handles: Handles, { host, fromMs, toMs }: Asked, bucketMs: number): Promise<Bucket[]> {
  const where = ['1 = 1']
  if (fromMs !== undefined) where.push(`hour >= ${fromMs / hourMs}`)
  if (toMs !== undefined) where.push(`hour < ${toMs / hourMs}`)
  if (host !== undefined) where.push(`host in (${host.join(', ') || 'null'})`)
  const hours = bucketMs / hourMs
  const bucket = `(hour - ((hour % ${hours}) + ${hours}) % ${hours}) * ${hourMs}`
  return handles.events((db) =>
    db.all<Bucket>(`select ${bucket} as bucket, sum(count) as count from hour where ${where.join(' and ')} group by 1`),
  )
}
