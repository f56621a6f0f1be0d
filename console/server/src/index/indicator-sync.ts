import type { ObservableType } from '@tidewaiter/protocol/api'
import type { Store } from '../store/store.ts'
import type { IndicatorRow } from './messages.ts'

/** How many indicators a writer holds, and how many of them have an end. */
export interface Held {
  indicators: number
  ended: number
}

export interface SyncOptions {
  store: Store
  /** Gives rows to the writer; resolves with what it holds then. */
  put(rows: readonly IndicatorRow[]): Promise<Held>
}

const rowsAtOnce = 5000

/** Brings a writer's indicators in line with the store. */
export interface IndicatorSync {
  /** @param held what the writer has: when that is not all, everything is given again */
  sync(held: Held): Promise<void>
}

export function openIndicatorSync({ store, put }: SyncOptions): IndicatorSync {
  /** When the newest row that was given was added or ended; before that nothing changed. */
  let since = ''
  const give = async (from: string) => {
    let newest = from
    let held: Held | undefined
    for (let after: string | undefined; ; ) {
      const rows = await readRows(store, { from, after })
      if (rows.length > 0) held = await put(rows.map(toRow))
      newest = [newest, ...rows.flatMap(({ added_at, expired_at }) => [added_at, expired_at ?? ''])].sort().at(-1) ?? ''
      after = rows.at(-1)?.id
      if (rows.length < rowsAtOnce) break
    }
    since = newest
    return held
  }
  return {
    async sync(held) {
      const wanted = await countOf(store)
      // A clock that went back, or a writer that begins anew: only the count tells.
      const now = since === '' && !isSame(held, wanted) ? undefined : ((await give(since)) ?? held)
      if (now === undefined || !isSame(now, wanted)) await give('')
    },
  }
}

function isSame(a: Held, b: Held): boolean {
  return a.indicators === b.indicators && a.ended === b.ended
}

async function countOf(store: Store): Promise<Held> {
  const row = await store
    .selectFrom('indicator')
    .select((eb) => [
      eb.fn.countAll<number>().as('indicators'),
      eb.fn.count<number>(eb.fn.coalesce('expired_at', 'valid_until')).as('ended'),
    ])
    .executeTakeFirstOrThrow()
  return { indicators: Number(row.indicators), ended: Number(row.ended) }
}

function readRows(store: Store, { from, after }: { from: string; after: string | undefined }) {
  let rows = store
    .selectFrom('indicator')
    .select(['id', 'type', 'value', 'valid_until', 'expired_at', 'added_at'])
    .orderBy('id')
    .limit(rowsAtOnce)
  if (from !== '') rows = rows.where((eb) => eb.or([eb('added_at', '>=', from), eb('expired_at', '>=', from)]))
  if (after !== undefined) rows = rows.where('id', '>', after)
  return rows.execute()
}

type StoreRow = Awaited<ReturnType<typeof readRows>>[number]

/** Ended by hand or by its own end, whichever is earlier: what occurs later is no sighting. */
function toRow({ id, type, value, valid_until, expired_at }: StoreRow): IndicatorRow {
  const ends = [valid_until, expired_at].flatMap((time) => (time === null ? [] : [Date.parse(time)]))
  // Written by `importIndicators` from a checked value.
  return { id, type: type as ObservableType, value, until: ends.length === 0 ? null : Math.min(...ends) }
}
