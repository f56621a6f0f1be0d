import type { EventPage, EventRow, Histogram } from '@tidewaiter/protocol/api'
import { nowMs } from './clock.ts'
import { events } from './records.ts'

/** Enough of the grammar to look at the page: `field:value`, bare words and `not`, all joined by AND. */
function matches({ document }: EventRow, query: string): boolean {
  const terms = query.match(/(?:not\s+)?[^\s"]*"[^"]*"|(?:not\s+)?\S+/g) ?? []
  return terms
    .filter((term) => term.toLowerCase() !== 'and')
    .every((term) => {
      const isNot = term.startsWith('not ')
      const [, field = '', value = ''] = /^(?:not\s+)?(?:([\w.@]+):)?"?(.*?)"?$/.exec(term) ?? []
      return isNot !== has(document, field, value)
    })
}

function has(document: Record<string, unknown>, field: string, value: string): boolean {
  const wanted = value.toLowerCase()
  const inValue = (found: unknown) => String(found).toLowerCase().includes(wanted)
  if (field === '' || field === 'ip' || field === 'hash') return Object.values(document).some(inValue)
  const found = document[field === 'host' ? 'host.name' : field]
  return found !== undefined && (value === '*' || inValue(found))
}

const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

function instant(text: string | null, otherwise: number): number {
  if (text === null || text === '') return otherwise
  const back = /^-(\d+)([mhd])$/.exec(text)
  return back === null ? Date.parse(text) : nowMs() - Number(back[1]) * (unitMs[back[2] ?? ''] ?? 0)
}

function select(query: URLSearchParams): { rows: EventRow[]; from: number; to: number } {
  const from = instant(query.get('from'), 0)
  const to = instant(query.get('to'), nowMs())
  const rows = events.filter(
    (event) =>
      Date.parse(event.at) >= from &&
      Date.parse(event.at) < to &&
      (query.get('host') ?? event.host.id) === event.host.id &&
      matches(event, query.get('q') ?? ''),
  )
  return { rows, from: from === 0 ? Date.parse(events[0]?.at ?? '') : from, to }
}

export function eventPage(query: URLSearchParams): EventPage {
  const { rows } = select(query)
  if (query.get('order') !== 'oldest') rows.reverse()
  const start = Number(query.get('after') ?? 0)
  const end = start + Number(query.get('limit') ?? 100)
  return {
    rows: rows.slice(start, end),
    ...(end < rows.length && { next: String(end) }),
    total: rows.length,
    totalExact: true,
    asOf: 12_006,
  }
}

const mostBuckets = 60

export function histogram(query: URLSearchParams): Histogram {
  const { rows, from, to } = select(query)
  const bucketMs = Math.max(1000, Math.ceil((to - from) / mostBuckets / 1000) * 1000)
  const counts = new Map<number, number>()
  for (const { at } of rows) {
    const bucket = Math.floor(Date.parse(at) / bucketMs) * bucketMs
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  }
  return {
    bucketMs,
    buckets: [...counts].sort(([a], [b]) => a - b).map(([at, count]) => ({ at: new Date(at).toISOString(), count })),
    total: rows.length,
    asOf: 12_006,
    coverage: { hosts: 5, covered: 3, says: '3 of 5 hosts covered throughout; 2 silent since 10:55Z.' },
  }
}
