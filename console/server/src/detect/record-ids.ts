import { recordId } from '@tidewaiter/protocol'
import { hostInIds, type Ledger } from '../ledger/ledger.ts'

const mostKnown = 20_000

/** Turns places (`<ledger position>:<index in the batch>`) into record ids. One that the ledger does not hold is left out. */
export function recordIdsIn(ledger: Pick<Ledger, 'entry'>): (places: readonly string[]) => Promise<string[]> {
  const known = new Map<number, { host: string; seq: number }>()
  const batchAt = async (position: number) => {
    const before = known.get(position)
    const entry = before === undefined ? await ledger.entry(position) : undefined
    if (entry === undefined) return before
    const batch = { host: hostInIds(entry), seq: entry.seq }
    if (known.size >= mostKnown) known.clear()
    known.set(position, batch)
    return batch
  }
  return async (places) => {
    const ids: string[] = []
    for (const place of places) {
      const [position, index] = place.split(':').map(Number)
      const batch = await batchAt(position ?? Number.NaN)
      if (batch !== undefined) ids.push(recordId(batch.host, batch.seq, index ?? 0))
    }
    return ids
  }
}
