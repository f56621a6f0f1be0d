import { type CollectedSource, isOfAgent } from '@tidewaiter/protocol'
import type { Collector, Missed, Taken } from '../collectors/collector.ts'
import { saysOf } from '../error.ts'
import type { SealedSource } from '../spool/sources.ts'
import { newStandings } from '../standings.ts'

/** Causes that are told of one source; more are counted together. */
const mostCauses = 10
const mostWords = 500

/** What came of every source, while it comes. */
export interface Tally {
  take(taken: Taken): void
  /** A pass failed. */
  fail(collector: Collector, cause: unknown): void
  /** Its collector was not asked, or not to its end. */
  leave(collector: Collector, why: { state: 'not-enabled' | 'not-read'; why: string; fix?: string }): void
  /** @param sealed what is in the file by now */
  all(sealed: readonly SealedSource[]): CollectedSource[]
}

/** @param since of what was not read for being older: undefined where all is read; `streams`: collectors of logs */
export function newTally({ since, streams }: { since: string | undefined; streams: ReadonlySet<string> }): Tally {
  const older = since && `What changed last before ${since} is left out by the profile.`
  const isStream = (id: string) => streams.has(id.split(':', 1)[0] ?? id)
  const standings = newStandings()
  const losses = new Map<string, Map<string, number | null>>()
  const left = new Map<string, CollectedSource>()
  const miss = ({ source, lost: { count, cause } }: Missed) => {
    const own = losses.get(source) ?? new Map<string, number | null>()
    losses.set(source, own)
    const name = own.has(cause) || own.size < mostCauses ? cause : 'other causes'
    const before = own.get(name)
    own.set(name, before === undefined ? count : before === null || count === null ? null : before + count)
  }
  return {
    take(taken) {
      if ('lost' in taken) miss(taken)
      else if ('state' in taken) standings.set(taken)
      else standings.isAlive(taken.source)
    },
    fail: (collector, cause) => standings.fail(collector, saysOf(cause).slice(0, mostWords)),
    leave({ id }, { why, fix, ...state }) {
      left.set(id, { id, ...state, records: 0, lost: [], why: why.slice(0, mostWords), ...(fix && { fix }) })
    },
    all(sealed) {
      const states = new Map(standings.all().map((state) => [state.id, state]))
      const known = new Map(sealed.filter(({ id }) => !isOfAgent(id)).map((source) => [source.id, source]))
      const ids = new Set([...known.keys(), ...states.keys(), ...losses.keys()])
      const read = Array.from(ids, (id) =>
        toSource(id, {
          ...{ sealed: known.get(id), state: states.get(id), lost: losses.get(id) },
          older: isStream(id) ? older : undefined,
        }),
      )
      return [...read, ...left.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    },
  }
}

interface Known {
  sealed: SealedSource | undefined
  state: { state: 'ok' | 'not-enabled' | 'failed'; why?: string; fix?: string } | undefined
  lost: ReadonlyMap<string, number | null> | undefined
  /** What of it is older than is read. */
  older: string | undefined
}

function toSource(id: string, { sealed, state, lost, older }: Known): CollectedSource {
  const records = sealed?.records ?? 0
  const causes = Array.from(lost ?? [], ([cause, count]) => ({ count, cause: cause.slice(0, 200) }))
  const what = { id, records, lost: causes }
  const { why, fix } = state ?? {}
  const words = { ...(why !== undefined && { why }), ...(fix !== undefined && { fix }) }
  if (state?.state === 'not-enabled') return { ...what, state: 'not-enabled', ...words }
  if (state?.state === 'failed') return { ...what, state: 'not-read', ...words }
  const bounded = older === undefined ? {} : { why: older }
  if (causes.length > 0) return { ...what, state: 'lost', ...bounded }
  if (sealed?.backfill?.told.finishedAt === null)
    return { ...what, state: 'not-read', why: 'What was there before was not read to its end.' }
  return { ...what, state: 'covered', ...bounded }
}
