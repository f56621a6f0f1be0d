import type { Chunk, ChunkHead } from '@tidewaiter/protocol'
import { toChunk } from '../../chunk.ts'
import type { Records } from '../collector.ts'
import type { Baseline } from './baseline.ts'
import { pathOf, toRow } from './compare.ts'

const source = 'file-integrity'
const mostRows = 1_000

/** Numbers the hand-overs of a run. */
export interface Numbers {
  next: number
  /** Those below are in the spool, signed: what they had cannot be lost any more. */
  sealed(): number
}

/**
 * Changes that were not handed over yet. What was stays in the baseline until it is sealed: an agent that dies before, or
 * whose spool was full, hands it over again.
 */
export function* handChanges(baseline: Baseline, numbers: Numbers): Generator<Records> {
  baseline.sealed(numbers.sealed())
  for (let rows = baseline.pending(mostRows); rows.length > 0; rows = baseline.pending(mostRows)) {
    const number = numbers.next++
    const chunks: Chunk[] = []
    for (let at = 0; at < rows.length; ) {
      const first = rows[at]
      if (first === undefined) break
      const end = rows.findIndex(({ holds }, index) => index > at && holds !== first.holds)
      const run = rows.slice(at, end < 0 ? rows.length : end)
      const pass = { number, rows: baseline.count(), holds: first.holds }
      chunks.push(
        chunkOf(
          { number, readAt: first.readAt, pass },
          run.map(({ record }) => record),
        ),
      )
      at += run.length
    }
    baseline.handed(rows.at(-1)?.no ?? 0, number)
    yield { source, chunks, next: { number: numbers.next } }
  }
}

/** Everything there is, as it was when it was last looked at. */
export function* handAll(baseline: Baseline, numbers: Numbers, readAt: string): Generator<Records> {
  const number = numbers.next++
  const pass = { number, rows: baseline.count(), holds: 'all' } as const
  for (let last = { folder: '', name: '' }; ; ) {
    const rows = baseline.after(last, mostRows)
    const end = rows.at(-1)
    if (end === undefined) return
    last = end
    const records = rows.map((entry) => toRow(pathOf(entry), JSON.parse(entry.row)))
    yield { source, chunks: [chunkOf({ number, readAt, pass }, records)], next: { number: numbers.next } }
  }
}

/** A row that is no state of a file. */
export function handRow(numbers: Numbers, row: object, readAt: string): Records {
  const number = numbers.next++
  return { source, chunks: [chunkOf({ number, readAt }, [JSON.stringify(row)])], next: { number: numbers.next } }
}

export function alive(numbers: Numbers): Records {
  return { source, chunks: [], next: { number: numbers.next } }
}

function chunkOf(
  { number, readAt, pass }: { number: number; readAt: string; pass?: ChunkHead['pass'] },
  records: readonly string[],
): Chunk {
  const head: ChunkHead = {
    source,
    start: { number },
    readAt,
    method: 'lstat',
    unit: 'row',
    lf: true,
    ...(pass && { pass }),
  }
  return toChunk(
    head,
    records.map((record) => Buffer.from(record)),
  )
}
