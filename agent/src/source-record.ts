import type { SourceState } from '@tidewaiter/protocol'
import type { OwnRecords } from './own-records.ts'

/** In one record; the rest follows with the next beat. */
const mostSources = 500

/**
 * Seals which sources give nothing, and why: at first all of them, then each that changes. What a console is told of a
 * source now is forgotten once it is well; when it was not enabled is evidence. To be called every beat.
 */
export function newSourceRecord({
  own,
  states,
}: {
  own: OwnRecords
  states(): SourceState[]
}): (signal: AbortSignal) => Promise<void> {
  const told = new Map<string, SourceState['state']>()
  let isFirst = true
  return async (signal) => {
    const ill = new Map(states().flatMap((each) => (each.state === 'ok' ? [] : [[each.id, each] as const])))
    const worse = [...ill.values()].filter(({ id, state }) => told.get(id) !== state)
    const well = [...told.keys()].filter((id) => !ill.has(id)).map((id) => ({ id, state: 'ok' as const }))
    const sources = [...worse, ...well].slice(0, mostSources).map(({ backfill: _, ...state }: SourceState) => state)
    if (!isFirst && sources.length === 0) return
    const isTaken = await own.note('agent:run', 'sources', { whole: isFirst, sources }, { signal })
    if (!isTaken) return
    isFirst = false
    for (const { id, state } of sources) {
      if (state === 'ok') told.delete(id)
      else told.set(id, state)
    }
  }
}
