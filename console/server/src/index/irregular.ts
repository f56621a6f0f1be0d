import type { Code } from '../error.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Store } from '../store/store.ts'
import type { Handles } from './read/handles.ts'

export interface IrregularOptions {
  handles: Handles
  store: Store
  ledger: Pick<Ledger, 'entry'>
  now(): number
}

/** Batches of one host and code that are written down one by one; the marks in the index know them all. */
const mostOfHost = 100

/**
 * Writes batches that are in the ledger and not in the index down among the irregularities of their hosts, each once:
 * also when the index was made again.
 */
export async function noteIrregular({ handles, store, ledger, now }: IrregularOptions): Promise<void> {
  type Row = { position: number; code: Code; says: string }
  const select = (table: string) => `select position, code, says from ${table} order by position`
  const rows = [
    ...(await handles.events((db) => db.all<Row>(select('event_mark')))),
    ...(await handles.values((db) => db.all<Row>(select('value_mark')))),
  ]
  const counts = new Map<string, number>()
  for (const { position, code, says } of rows) {
    const entry = await ledger.entry(position)
    if (entry === undefined) continue
    const { host, seq } = entry
    const count = (counts.get(`${host} ${code}`) ?? 0) + 1
    counts.set(`${host} ${code}`, count)
    if (count > mostOfHost) continue
    const known = await store
      .selectFrom('irregularity')
      .select('no')
      .where('host', '=', host)
      .where('seq', '=', seq)
      .where('code', '=', code)
      .executeTakeFirst()
    if (known !== undefined) continue
    const at = new Date(now()).toISOString()
    await store.insertInto('irregularity').values({ at, host, code, says, seq, address: null }).execute()
  }
}
