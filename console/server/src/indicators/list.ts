import type { Indicator, IndicatorPage, ObservableType, Tlp } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import type { Store } from '../store/store.ts'
import type { IndicatorTable } from '../store/tables.ts'
import type { By } from './import.ts'

/** How often each indicator was met, by its id: what the index knows. */
export type SightingCounts = ReadonlyMap<string, { count: number; lastAt: string }>

/** Indicators, newest first. They are counted for the first page. Throws `input-malformed` for an `after` that no page gave. */
export async function listIndicators(
  store: Store,
  { after, limit = 100 }: { after?: string; limit?: number },
  sightings: SightingCounts,
  nowMs: number = Date.now(),
): Promise<IndicatorPage> {
  const from = after === undefined ? undefined : readAfter(after)
  let page = store.selectFrom('indicator').selectAll().orderBy('added_at', 'desc').orderBy('id', 'desc')
  if (from !== undefined)
    page = page.where((eb) => eb(eb.refTuple('added_at', 'id'), '<', eb.tuple(from.addedAt, from.id)))
  const rows = await page.limit(limit + 1).execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const total = from?.total ?? (await countOf(store))
  return {
    rows: shown.map((row) => toIndicator(row, sightings, nowMs)),
    total,
    totalExact: true,
    ...(rows.length > limit && last !== undefined && { next: `${last.added_at}~${last.id}~${total}` }),
  }
}

async function countOf(store: Store): Promise<number> {
  const { count } = await store
    .selectFrom('indicator')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

function readAfter(after: string): { addedAt: string; id: string; total: number } {
  const [, addedAt, id, total] = /^(\d{4}-[0-9T:.-]{1,20}Z)~([0-9a-f]{32})~(\d{1,15})$/.exec(after) ?? []
  if (addedAt === undefined || id === undefined)
    throw refuse('input-malformed', 'This is no place in the list of indicators. Start at its beginning.')
  return { addedAt, id, total: Number(total) }
}

const rowsAtOnce = 5000

/** Every indicator, in the order of their ids. */
export async function allIndicators(store: Store, sightings: SightingCounts, nowMs: number): Promise<Indicator[]> {
  const all: Indicator[] = []
  for (let after = ''; ; ) {
    const page = store.selectFrom('indicator').selectAll().where('id', '>', after).orderBy('id').limit(rowsAtOnce)
    const rows = await page.execute()
    for (const row of rows) all.push(toIndicator(row, sightings, nowMs))
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsAtOnce) return all
    after = last.id
  }
}

function toIndicator(row: IndicatorTable, sightings: SightingCounts, nowMs: number): Indicator {
  const met = sightings.get(row.id)
  return {
    id: row.id,
    // Both were written by `importIndicators` from checked values.
    type: row.type as ObservableType,
    tlp: row.tlp as Tlp,
    value: row.value,
    source: row.source,
    confidence: row.confidence,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    note: row.note,
    addedAt: row.added_at,
    addedBy: row.added_by,
    expired: row.expired_at !== null || (row.valid_until !== null && Date.parse(row.valid_until) <= nowMs),
    sightings: met?.count ?? 0,
    lastSightedAt: met?.lastAt ?? null,
  }
}

/** Stops matching an indicator; it stays in the list with its sightings. Throws `not-found`. */
export async function expireIndicator(
  store: Store,
  id: string,
  { who, at }: By,
  sightings: SightingCounts = new Map(),
): Promise<Indicator> {
  const row = await store.transaction().execute(async (tx) => {
    const held = await tx.selectFrom('indicator').selectAll().where('id', '=', id).executeTakeFirst()
    if (held === undefined) throw refuse('not-found', `There is no indicator ${id}.`)
    if (held.expired_at !== null) return held
    await tx.updateTable('indicator').set({ expired_at: at }).where('id', '=', id).execute()
    await record(tx, { who, at, act: 'indicators.expire', data: { id } })
    return { ...held, expired_at: at }
  })
  return toIndicator(row, sightings, Date.parse(at))
}
