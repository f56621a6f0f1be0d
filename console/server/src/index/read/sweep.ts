import type { Sighting, Sweep } from '@tidewaiter/protocol/api'
import { refuse } from '../../error.ts'
import type { Store } from '../../store/store.ts'
import { coverageOfAll } from './host-coverage.ts'
import { toTime } from './rows.ts'
import { type SightingSources, sightingsOf } from './sightings.ts'

export interface SweepOptions extends SightingSources {
  nowMs: number
  /** Ledger positions up to which the index has read, and that there are. */
  asOf: number
  size: number
}

/**
 * Indicators over stored history. They have met every observable when they came in, so what takes time here is saying
 * what could not be looked at.
 * @param indicators their ids; all when left out
 * @throws `not-found` for an id that is none: no hits for it would sound like an answer
 */
export async function sweepOf(options: SweepOptions, indicators?: readonly string[]): Promise<Sweep> {
  const { store, asOf, size, nowMs } = options
  await checkKnown(store, indicators ?? [])
  const sightings = await allSightings(options, indicators)
  const byHost = await coverageOfAll(options)
  const coverage = [...byHost].flatMap(([host, spans]) =>
    spans.map(({ id: source, ...span }) => ({ host, source, ...span })),
  )
  return {
    indicators: indicators === undefined ? await countInForce(store, nowMs) : new Set(indicators).size,
    hosts: byHost.size,
    sightings,
    coverage,
    complete:
      [...byHost.values()].every((spans) => spans.length > 0) &&
      coverage.every(({ state }) => state === 'covered' || state === 'not-asked') &&
      asOf >= size,
    asOf,
    behind: Math.max(size - asOf, 0),
  }
}

/** Those that have ended were met until then; nobody looks for them any more. */
async function countInForce(store: Store, nowMs: number): Promise<number> {
  const { count } = await store
    .selectFrom('indicator')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('expired_at', 'is', null)
    .where((eb) => eb.or([eb('valid_until', 'is', null), eb('valid_until', '>', toTime(nowMs))]))
    .executeTakeFirstOrThrow()
  return Number(count)
}

const idsAtOnce = 500

async function checkKnown(store: Store, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const part = ids.slice(at, at + idsAtOnce)
    const rows = await store.selectFrom('indicator').select('id').where('id', 'in', part).execute()
    const known = new Set(rows.map(({ id }) => id))
    const unknown = part.find((id) => !known.has(id))
    if (unknown !== undefined) throw refuse('not-found', `There is no indicator ${unknown}.`)
  }
}

async function allSightings(options: SweepOptions, indicators: readonly string[] | undefined): Promise<Sighting[]> {
  const wanted = indicators === undefined ? [undefined] : [...new Set(indicators)]
  const found: Sighting[] = []
  for (const indicator of wanted)
    for (let after: string | undefined; ; ) {
      const query = {
        limit: 1000,
        ...(indicator !== undefined && { indicator }),
        ...(after !== undefined && { after }),
      }
      const { rows, next } = await sightingsOf(options, query)
      found.push(...rows)
      if (next === undefined) break
      after = next
    }
  return found
}
