import type { ImportRequest, ImportResult } from '@tidewaiter/protocol/api'
import { sql } from 'kysely'
import { record } from '../people/audit.ts'
import { jsonRows } from '../store/json-rows.ts'
import type { Store, Transaction } from '../store/store.ts'
import { readAside } from './read-aside.ts'
import type { Remark } from './reading.ts'

export { expireIndicator, listIndicators } from './list.ts'

/** The person an act is written down for, and when (RFC 3339). */
export interface By {
  who: string
  at: string
}

/** Parts written in one transaction: everything else in the store waits for it, so it takes a second and not a minute. */
const partsAtOnce = 10
const mostEnded = 200

/**
 * Takes the indicators of a file: all that are good; with `dryRun` none. A value that the same source gave before is a
 * duplicate. Throws `indicator-file-refused`: then nothing of the file stays. Of a large list that a dying console could
 * not finish some is there, and importing it again adds the rest.
 */
export async function importIndicators(store: Store, request: ImportRequest, by: By): Promise<ImportResult> {
  const { parts, count, read, repeated, refused, warned, recognised } = await readAside(request)
  const ended: Remark[] = []
  let known = 0
  for (let at = 0; at < parts.length; at += partsAtOnce) {
    const some = parts.slice(at, at + partsAtOnce)
    const taken = await store.transaction().execute((tx) => take(tx, some, { ...by, ...request }))
    known += taken.known
    ended.push(...taken.ended)
  }
  return {
    read,
    added: count - known,
    duplicate: repeated + known,
    refused,
    warned: [...warned, ...ended.slice(0, mostEnded)],
    recognised,
  }
}

async function take(tx: Transaction, parts: readonly string[], request: By & Pick<ImportRequest, 'source' | 'dryRun'>) {
  const { who, at, source, dryRun } = request
  const ended: Remark[] = []
  let [known, added] = [0, 0]
  for (const part of parts) {
    const held = await heldOf(tx, part)
    known += held
    if (held > 0 && ended.length < mostEnded) ended.push(...(await endedOf(tx, part, at)))
    if (dryRun !== true) added += await insert(tx, part, { who, at, source })
  }
  if (added > 0) await record(tx, { who, at, act: 'indicators.import', data: { source, added } })
  return { known, ended }
}

/** How many rows of a part the store holds already. The numbers are the order of `rowOf`. */
async function heldOf(tx: Store, part: string): Promise<number> {
  const { rows } = await sql<{ held: number }>`
    select count(*) as held from ${jsonRows(tx, part)} join indicator on indicator.id = given.value->>0`.execute(tx)
  return Number(rows[0]?.held ?? 0)
}

/** Those that are held and no longer matched: importing them again does not bring them back, which must be said. */
async function endedOf(tx: Store, part: string, at: string): Promise<Remark[]> {
  const { rows } = await sql<{ line: number; value: string; byHand: number }>`
    select cast(given.value->>8 as bigint) as line, given.value->>9 as value,
      case when expired_at is null then 0 else 1 end as "byHand"
    from ${jsonRows(tx, part)} join indicator on indicator.id = given.value->>0
    where expired_at is not null or valid_until <= ${at} limit ${mostEnded}`.execute(tx)
  return rows.map(({ line, value, byHand }) => ({
    line: Number(line),
    value,
    why:
      byHand === 1
        ? 'It is known and was expired by hand: it stays expired.'
        : 'It is known and its time is over: it stays so.',
  }))
}

async function insert(tx: Store, part: string, { who, at, source }: By & { source: string }): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into indicator
      (id, type, value, source, confidence, tlp, valid_from, valid_until, note, added_at, added_by)
    select given.value->>0, given.value->>1, given.value->>2, cast(${source} as text),
      cast(given.value->>3 as bigint), given.value->>4, coalesce(given.value->>5, ${at}), given.value->>6,
      given.value->>7, cast(${at} as text), cast(${who} as text)
    from ${jsonRows(tx, part)} where true on conflict (id) do nothing`.execute(tx)
  return Number(numAffectedRows ?? 0)
}
