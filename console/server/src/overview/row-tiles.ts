import type { DetectorCard, RowTile, Severity } from '@tidewaiter/protocol/api'
import { cbpRows } from '../cbp.ts'
import type { Store } from '../store/store.ts'

const hourMs = 3_600_000
const bucketMs = 2 * hourMs
const buckets = 12
const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

interface Looked {
  detectors: readonly DetectorCard[]
  /** How many hosts there are. */
  hosts: number
  nowMs: number
}

/** One tile for each row of the CBP table, in its order: what was found, and on how many hosts was looked. */
export async function rowTiles(store: Store, looked: Looked): Promise<RowTile[]> {
  const counts = await store
    .selectFrom('finding')
    .select((eb) => ['detector', 'verdict', 'severity', eb.fn.countAll<number>().as('count')])
    .groupBy(['detector', 'verdict', 'severity'])
    .execute()
  const recent = await store
    .selectFrom('finding')
    .select(['detector', 'found_at'])
    .where('found_at', '>', new Date(looked.nowMs - buckets * bucketMs).toISOString())
    .orderBy('found_at', 'desc')
    .limit(10_000)
    .execute()
  const tiles = cbpRows.map((row) => {
    const detector = looked.detectors.find((card) => card.row === row)
    const own = counts.filter((count) => count.detector === detector?.id)
    const trend = trendOf(
      recent.filter((finding) => finding.detector === detector?.id),
      looked.nowMs,
    )
    return tileOf(row, detector, { own, trend, hosts: looked.hosts })
  })
  return Promise.all(tiles.map(async (tile) => ({ ...tile, fact: await factOf(store, tile) })))
}

interface Count {
  verdict: string
  severity: string
  count: number
}

function tileOf(
  row: string,
  detector: DetectorCard | undefined,
  { own, trend, hosts }: { own: readonly Count[]; trend: number[]; hosts: number },
): Omit<RowTile, 'fact'> {
  const open = own.filter(({ verdict }) => verdict === 'open')
  return {
    row,
    detector: detector?.id ?? null,
    open: sum(open),
    total: sum(own),
    worst: severities.find((severity) => open.some((count) => count.severity === severity)) ?? null,
    looked: detector?.sees.length ?? 0,
    hosts,
    trend,
  }
}

/** The newest of the worst open findings. */
async function factOf(store: Store, { detector, worst }: Pick<RowTile, 'detector' | 'worst'>): Promise<string> {
  if (detector === null || worst === null) return ''
  const finding = await store
    .selectFrom('finding')
    .select('title')
    .where('detector', '=', detector)
    .where('verdict', '=', 'open')
    .where('severity', '=', worst)
    .orderBy('last_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return finding?.title ?? ''
}

function sum(counts: readonly Count[]): number {
  return counts.reduce((total, { count }) => total + Number(count), 0)
}

function trendOf(findings: readonly { found_at: string }[], nowMs: number): number[] {
  const trend = Array.from({ length: buckets }, () => 0)
  for (const { found_at } of findings) {
    const at = buckets - 1 - Math.floor((nowMs - Date.parse(found_at)) / bucketMs)
    trend[at] = (trend[at] ?? 0) + 1
  }
  return trend
}
