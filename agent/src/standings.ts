import type { SourceState } from '@tidewaiter/protocol'
import type { Collector, Gone, Standing } from './collectors/collector.ts'
import { saysOf } from './error.ts'

/** How every source stands right now. */
export interface Standings {
  /** The source gave records, or was alive and silent. */
  isAlive(source: string): void
  set(standing: Standing | Gone): void
  /** A pass of the collector failed: so did all its sources, or, where none is known yet, the collector itself. */
  fail(collector: Collector, cause: unknown): void
  /** The collector is not asked any more. */
  forget(collector: Collector): void
  all(): SourceState[]
}

const textLimit = 500

export function newStandings(): Standings {
  const states = new Map<string, SourceState>()
  const idsOf = ({ id }: Collector) =>
    [...states.keys()].filter((source) => source === id || source.startsWith(`${id}:`))
  const put = (id: string, state: 'not-enabled' | 'failed', { why, fix }: { why: string; fix: string }) =>
    states.set(id, { id, state, why: why.slice(0, textLimit), fix: fix.slice(0, textLimit) })
  return {
    isAlive(source) {
      states.delete(source.split(':', 1)[0] ?? source)
      states.set(source, { id: source, state: 'ok' })
    },
    set(standing) {
      if (standing.state === 'gone') states.delete(standing.source)
      else put(standing.source, standing.state, standing)
    },
    fail(collector, cause) {
      const ids = idsOf(collector)
      for (const id of ids.length > 0 ? ids : [collector.id])
        put(id, 'failed', { why: saysOf(cause), fix: collector.needs })
    },
    forget(collector) {
      for (const id of idsOf(collector)) states.delete(id)
    },
    all: () => [...states.values()],
  }
}
