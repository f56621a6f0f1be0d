import { isRefusal } from '../../error.ts'
import type { LedgerReader } from '../../ledger/ledger.ts'
import { dayOf } from '../layout.ts'
import type { AtWork } from './at-work.ts'
import { type Indexing, type LedgerBatch, type Mark, Unindexable } from './indexing.ts'

/** Bounds of one transaction. Large ones cost least (performance.md 8); people wait for the end of one. */
const most = { batches: 16, events: 100_000, payloadBytes: 1024 * 1024 }

export interface StepOptions {
  reader: LedgerReader
  indexing: Indexing
  atWork: AtWork
  /** Batches that are left out, by position. */
  leftOut: Map<number, Mark>
  /** Batches on which a writer died: each gets a transaction of its own, so that it takes no other with it. */
  suspects: ReadonlySet<number>
}

/** One transaction. False when there was nothing to read. */
export function step(options: StepOptions): boolean {
  const { indexing, atWork, leftOut } = options
  const first = readNext(options, indexing.cursor())
  if (first === undefined) return false
  const day = 'code' in first ? undefined : first[0] && dayOf(first[0].entry.receivedAtMs)
  // A batch that cannot be opened does not say its day; it has no rows either.
  indexing.begin(day ?? '')
  try {
    const position = fill(options, first, day)
    atWork.rest()
    indexing.commit(position)
  } catch (error) {
    indexing.rollback()
    if (!(error instanceof Unindexable)) throw error
    leftOut.set(error.mark.position, error.mark)
  }
  return true
}

/** Batches from this position on, why the one at it cannot be read, or undefined when there is none. */
function readNext({ reader, indexing }: StepOptions, position: number): LedgerBatch[] | Mark | undefined {
  const bound = indexing.bound?.() ?? Number.POSITIVE_INFINITY
  if (position >= bound) return undefined
  try {
    const found = reader.read(position, most.payloadBytes).filter(({ entry }) => entry.position < bound)
    return found.length === 0 ? undefined : found
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'payload-unreadable') throw error
    return { position, code: error.code, says: error.says, entry: reader.entry(position) }
  }
}

/** Gives the position behind the last batch of the transaction. */
function fill(options: StepOptions, first: LedgerBatch[] | Mark, day: string | undefined): number {
  const { indexing, suspects } = options
  let batches = 0
  let events = 0
  let position = indexing.cursor()
  for (let next: LedgerBatch[] | Mark | undefined = first; next !== undefined; next = readNext(options, position)) {
    if ('code' in next) {
      indexing.mark(next)
      return next.position + 1
    }
    for (const batch of next) {
      const { position: at, receivedAtMs } = batch.entry
      if (dayOf(receivedAtMs) !== day || (suspects.has(at) && batches > 0)) return position
      events += addOne(options, batch)
      batches += 1
      position = at + 1
      if (batches >= most.batches || events >= most.events || suspects.has(at)) return position
    }
  }
  return position
}

function addOne({ indexing, atWork, leftOut }: StepOptions, batch: LedgerBatch): number {
  const { position } = batch.entry
  const mark = leftOut.get(position)
  if (mark !== undefined) {
    indexing.mark({ ...mark, entry: batch.entry })
    return 0
  }
  atWork.on(position)
  return indexing.add(batch)
}
