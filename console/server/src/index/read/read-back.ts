import type { ReadBack } from '../first-look.ts'
import { daysOf } from './days.ts'
import type { Handles } from './handles.ts'
import type { Names } from './names.ts'

/** Events that are looked at for one answer: of a host with more of its past is said that it gave at least so many. */
const mostLookedAt = 200_000

interface ReadBackOptions {
  handles: Handles
  names: Names
  /** Ledger position up to which the index has read. */
  asOf: number
}

/**
 * Events of a host that have a time before their source was first looked at: what was read back of it then.
 * @param firsts source -> when it was first looked at, milliseconds UTC
 */
export async function readBackOf(
  { handles, names, asOf }: ReadBackOptions,
  host: string,
  { firsts, fromMs, toMs }: { firsts: ReadonlyMap<string, number>; fromMs?: number; toMs: number },
): Promise<ReadBack> {
  const hosts = names.numbersOf(host)
  const untilMs = [...firsts.values()].reduce((latest, ms) => Math.max(latest, ms), Number.NEGATIVE_INFINITY)
  const time = { ...(fromMs !== undefined && { fromMs }), toMs: Math.min(toMs, untilMs) }
  const sources = new Map<string, { records: number; fromMs: number }>()
  if (hosts.length === 0 || firsts.size === 0) return { sources, isWhole: true }
  const numbers = await handles.events((db) =>
    db.all<{ no: number; id: string }>(`select no, id from source where host in (${hosts.join(', ')})`),
  )
  const untils = JSON.stringify(numbers.map(({ no, id }) => [no, firsts.get(id) ?? Number.MIN_SAFE_INTEGER]))
  let left = mostLookedAt
  for (const { name } of await daysOf(handles, { asOf, host: hosts, ...time })) {
    const rows = await handles.day(name, (db) =>
      db.all<{ source: number; events: number; records: number; fromMs: number }>(
        `select source, count(*) as events, sum(at < until_ms) as records, min(at) as fromMs
         from (select source, at from event where host in (${hosts.join(', ')}) and at >= ? and at < ? limit ?)
         join (select json_extract(value, '$[0]') as source, json_extract(value, '$[1]') as until_ms from json_each(?))
         using (source) group by source`,
        [fromMs ?? Number.MIN_SAFE_INTEGER, time.toMs, left, untils],
      ),
    )
    for (const { source, events, records, fromMs: oldestMs } of rows) {
      left -= events
      const id = names.sourceOf(source)
      if (id === undefined || records === 0) continue
      const known = sources.get(id) ?? { records: 0, fromMs: oldestMs }
      sources.set(id, { records: known.records + records, fromMs: Math.min(known.fromMs, oldestMs) })
    }
    if (left <= 0) return { sources, isWhole: false }
  }
  return { sources, isWhole: true }
}
