import { collectionSource, type Header, type OpenChunk } from '@tidewaiter/protocol'
import { type BatchEvent, decodeBatch, endState } from '../../decode/batch.ts'
import type { Entry } from '../../ledger/ledger.ts'
import { mostEventsOfBatch, rowIdOf } from '../layout.ts'
import { sqliteCodeOf } from './database.ts'
import type { Earlier } from './earlier.ts'
import { Unindexable } from './indexing.ts'
import { type Dropped, positionIn, type States } from './states.ts'

/** A batch whose records can be read, and its chain in numbers of the index. */
export interface Opened {
  entry: Entry
  header: Header
  chunks: OpenChunk[]
  host: number
  /** The host as record ids name it. */
  hostId: string
}

/** The host of a batch as record ids name it. */
export function hostIdOf({ host, branch }: Entry): string {
  return branch === null ? host : `${host}~${branch}`
}

/** An event with its place in the index. Both writers decode the same batch to the same events in the same order. */
export interface Placed {
  id: number
  made: BatchEvent
  /** Ledger position of the batch of its first record, and the index of the record in it. */
  position: number
  record: number
  context: string | null
}

export interface DecodeOptions {
  states: States
  earlier: Earlier
  take(placed: Placed): void
}

/** Record ids name each batch of a branch apart: nothing is joined over two of them, and what is open in one ends with it. */
const nothingOpen: Pick<States, 'of' | 'positionOf' | 'set' | 'end'> = {
  of: () => undefined,
  positionOf: () => undefined,
  end: () => [],
  set: (_, changed, { seq, position }) =>
    [...changed].flatMap(([source, state]) => (state === null ? [] : [{ source, state, places: [[seq, position]] }])),
}

/** Decodes one batch from where the one before left its sources. Gives the number of events. Throws `Unindexable`. */
export function decodeOne(
  { entry, header, chunks, host, hostId }: Opened,
  { states: kept, earlier, take }: DecodeOptions,
): number {
  const { position } = entry
  const states = entry.branch === null ? kept : nothingOpen
  const sources = [...new Set(chunks.map(({ head }) => head.source))]
  let events = 0
  /** @param before position of an earlier batch by its number */
  const taking = (before: (seq: number, source: string) => number | undefined) => (made: BatchEvent) => {
    if (events === mostEventsOfBatch) throw new RangeError(`more than ${mostEventsOfBatch} events in one batch`)
    const id = rowIdOf(position, events)
    events += 1
    take({ id, made, ...placeOf(made, before) })
  }
  const bytesAt = (record: string, before: (seq: number) => number | undefined) => {
    const [, seq = '', index = ''] = record.split('/')
    const found = before(Number(seq))
    return found === undefined ? undefined : earlier(found, Number(index))
  }
  try {
    const changed = decodeBatch(
      { header, chunks },
      {
        host: hostId,
        state: (source) => states.of(host, source),
        earlier: (record) =>
          bytesAt(record, (seq) =>
            sources.map((source) => states.positionOf(host, source, seq)).find((at) => at !== undefined),
          ),
        take: taking((seq, source) => states.positionOf(host, source, seq)),
      },
    )
    const ending = ({ source, state, places }: Dropped, isWhole: boolean) => {
      const before = (seq: number) => positionIn(places, seq)
      endState(state, { source, header, isWhole, earlier: (record) => bytesAt(record, before), take: taking(before) })
    }
    for (const dropped of states.set(host, changed, { seq: header.seq, position, sources })) ending(dropped, false)
    if (sources.includes(collectionSource)) for (const open of states.end(host, position)) ending(open, true)
    return events
  } catch (cause) {
    // What the database says is not the fault of the batch.
    if (sqliteCodeOf(cause) !== undefined) throw cause
    throw new Unindexable({ position, code: 'batch-skipped', says: saysOf(cause) }, cause)
  }

  function placeOf(
    { seq, index, source, context }: BatchEvent,
    before: (seq: number, source: string) => number | undefined,
  ): Omit<Placed, 'id' | 'made'> {
    if (seq === header.seq) return { position, record: index, context }
    const found = before(seq, source)
    if (found !== undefined) return { position: found, record: index, context }
    // Its batch is out of mind: found by its event only, and its record named beside it.
    return { position, record: -1, context: context ?? JSON.stringify({ records: [`${seq}/${index}`] }) }
  }
}

function saysOf(cause: unknown): string {
  const what = cause instanceof Error ? cause.message : 'unknown'
  return `Reading its records failed: ${what.slice(0, 200)}.`
}
