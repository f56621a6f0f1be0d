import { recordId } from '@tidewaiter/protocol'
import type { ObservableType, Sighting } from '@tidewaiter/protocol/api'
import { refuse } from '../../error.ts'
import { hostInIds, type Ledger } from '../../ledger/ledger.ts'
import type { Sqlite } from '../../store/sqlite.ts'
import type { Store } from '../../store/store.ts'
import { mostEventsOfBatch } from '../layout.ts'
import { typeOfNumber, valueOfKey } from '../observable-key.ts'
import type { Handles } from './handles.ts'
import { type Names, withoutBranch } from './names.ts'
import { toTime } from './rows.ts'

export interface SightingQuery {
  indicator?: string
  host?: string
  after?: string
  limit?: number
}

export interface SightingSources {
  handles: Handles
  store: Store
  ledger: Pick<Ledger, 'entry'>
  names: Names
}

interface SightingRow {
  no: number
  id: string
  indicator: string
  indicatorType: ObservableType
  indicatorValue: string
  type: number
  key: string
  host: string
  firstAt: number
  lastAt: number
  count: number
  firstPlace: number
  lastPlace: number
}

/** An indicator that had ended before the value was first seen was not met. */
const met = `from sighting join indicator on indicator.id = sighting.indicator
  join observable on observable.type = sighting.type and observable.key = sighting.key and observable.host = sighting.host
  join value_host on value_host.no = sighting.host
  where (indicator.until is null or observable.first_at <= indicator.until)`

const columns = `sighting.no, sighting.id, sighting.indicator, indicator.type as indicatorType,
  indicator.value as indicatorValue, sighting.type, sighting.key, value_host.id as host, first_at as firstAt,
  last_at as lastAt, count, first_place as firstPlace, last_place as lastPlace`

/**
 * Those found last come first, so that a page keeps its place whatever is found meanwhile. They are counted for the
 * first page.
 */
export async function sightingsOf(
  sources: SightingSources,
  { indicator, host, after, limit = 100 }: SightingQuery,
): Promise<{ rows: Sighting[]; next?: string; total: number }> {
  const where = [met]
  const parameters: (string | number)[] = []
  if (indicator !== undefined) {
    where.push('sighting.indicator = ?')
    parameters.push(indicator)
  }
  if (host !== undefined) {
    where.push("(value_host.id = ? or value_host.id like ? || '~%')")
    parameters.push(host, host)
  }
  const all = where.join(' and ')
  const from = after === undefined ? undefined : readAfter(after)
  const { rows, total } = await sources.handles.values(async (db) => ({
    rows: await db.all<SightingRow>(
      `select ${columns} ${all} ${from === undefined ? '' : 'and sighting.no < ?'} order by sighting.no desc limit ?`,
      [...parameters, ...(from === undefined ? [] : [from.no]), limit + 1],
    ),
    total: from?.total ?? (await countOf(db, all, parameters)),
  }))
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    rows: await toSightings(sources, shown),
    total,
    ...(rows.length > limit && last !== undefined && { next: `${last.no}~${total}` }),
  }
}

async function countOf(db: Sqlite, from: string, parameters: readonly (string | number)[]): Promise<number> {
  return (await db.all<{ count: number }>(`select count(*) as count ${from}`, parameters))[0]?.count ?? 0
}

function readAfter(after: string): { no: number; total: number } {
  const [, no, total] = /^(\d{1,15})~(\d{1,15})$/.exec(after) ?? []
  if (no === undefined)
    throw refuse('input-malformed', 'after: this is no place in a list of sightings. Start at its beginning.')
  return { no: Number(no), total: Number(total) }
}

const idsAtOnce = 500

/** The sightings of these ids, in their order, as far as they are still met. */
export async function sightingsById(sources: SightingSources, ids: readonly string[]): Promise<Sighting[]> {
  const found = new Map<string, Sighting>()
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const part = ids.slice(at, at + idsAtOnce)
    const marks = part.map(() => '?').join(', ')
    const rows = await sources.handles.values((db) =>
      db.all<SightingRow>(`select ${columns} ${met} and sighting.id in (${marks})`, part),
    )
    for (const sighting of await toSightings(sources, rows)) found.set(sighting.id, sighting)
  }
  return [...new Set(ids)].flatMap((id) => found.get(id) ?? [])
}

/** How many values on hosts each indicator was met by, and when last. */
export async function countByIndicator(handles: Handles): Promise<Map<string, { count: number; lastAt: string }>> {
  const rows = await handles.values((db) =>
    db.all<{ indicator: string; count: number; lastAt: number }>(
      `select sighting.indicator, count(*) as count, max(last_at) as lastAt ${met} group by sighting.indicator`,
    ),
  )
  return new Map(rows.map(({ indicator, count, lastAt }) => [indicator, { count, lastAt: toTime(lastAt) }]))
}

async function toSightings(
  { store, ledger, names }: SightingSources,
  rows: readonly SightingRow[],
): Promise<Sighting[]> {
  const ids = [...new Set(rows.map(({ indicator }) => indicator))]
  const found =
    ids.length === 0
      ? []
      : await store.selectFrom('indicator').select(['id', 'source']).where('id', 'in', ids).execute()
  const sourceById = new Map(found.map(({ id, source }) => [id, source]))
  // Batches of a branch stand under one name in the index, and each under its own in the ledger.
  const recordAt = async (host: string, place: number) => {
    const entry = await ledger.entry(Math.floor(place / mostEventsOfBatch))
    const named = entry === undefined ? { host, seq: 0 } : { host: hostInIds(entry), seq: entry.seq }
    return recordId(named.host, named.seq, place % mostEventsOfBatch)
  }
  return Promise.all(
    rows.map(async (row): Promise<Sighting> => {
      const type = typeOfNumber(row.type)
      const host = withoutBranch(row.host)
      return {
        id: row.id,
        indicator: {
          id: row.indicator,
          type: row.indicatorType,
          value: row.indicatorValue,
          source: sourceById.get(row.indicator) ?? '',
        },
        observable: { type, value: valueOfKey(type, row.key) },
        host: { id: host, name: names.nameOf(host) },
        firstAt: toTime(row.firstAt),
        lastAt: toTime(row.lastAt),
        count: row.count,
        firstRecord: await recordAt(row.host, row.firstPlace),
        lastRecord: await recordAt(row.host, row.lastPlace),
      }
    }),
  )
}
