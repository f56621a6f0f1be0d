import type { Chunk, Position } from '@tidewaiter/protocol'
import { toChunk } from '../chunk.ts'
import { toTime } from '../time.ts'
import type { From, Records } from './collector.ts'

/** One row of a snapshot. */
export interface Row {
  record: Uint8Array
  /** What must stay the same for the row to count as unchanged. */
  mark: string
  /** What was read before the rest of the row, for its collector to tell that nothing has changed since. */
  glance?: string
}

/** What one reading of a source gave: rows by an identity that stays as long as the thing itself does. */
export interface Table {
  method: string
  rows: ReadonlyMap<string, Row>
  /**
   * Rows that lie for hours: their records are not remembered, and of one that ended the identity is handed over, which is
   * a line of JSON then.
   */
  forgets?: true
}

/** A snapshot is taken in full this often unless its collector says otherwise; in between it hands over what changed. */
export const fullMs = 15 * 60_000

/** Bounds of one hand-over; far below those of a batch. */
const handOverBytes = 1024 * 1024
const handOverRows = 20_000

/**
 * Turns a reading into what the chain needs of it: all rows when a full pass is due, else only rows that appeared or
 * changed, and rows that ended. Whoever keeps rows by identity can rebuild every state and check it by `pass.rows`,
 * which counts the rows of the table. The position moves with every pass, also with one that changed nothing.
 */
export function* handOver(
  source: string,
  tables: readonly Table[],
  { from, readAt, lf = true }: { from: From; readAt: number; lf?: boolean },
): Generator<Records> {
  const number = passNumber(from.position(source))
  const next = { number: number + 1 }
  const full = from.takeFull()
  const time = toTime(readAt)
  let chunks: Chunk[] = []
  let [bytes, rows] = [0, 0]
  for (const table of tables) {
    for (const { holds, records } of changes(table, full ? undefined : from.before.get(table.method)))
      for (const part of inParts(records)) {
        if (chunks.length > 0 && (bytes + part.bytes > handOverBytes || rows + part.records.length > handOverRows)) {
          yield { source, chunks, next }
          chunks = []
          bytes = 0
          rows = 0
        }
        const pass = { number, rows: table.rows.size, holds }
        const head = { source, start: { number }, readAt: time, method: table.method, unit: 'row', lf, pass } as const
        chunks.push(toChunk(head, part.records))
        bytes += part.bytes
        rows += part.records.length
      }
    from.before.set(table.method, remembered(table))
  }
  yield { source, chunks, next }
}

/** Number of the pass that begins at this position. */
export function passNumber(position: Position | undefined): number {
  return position !== undefined && 'number' in position ? position.number : 1
}

function remembered({ rows, forgets }: Table): ReadonlyMap<string, Row> {
  if (!forgets) return rows
  return new Map(Array.from(rows, ([id, { mark }]) => [id, { record: forgotten, mark }]))
}

/** Record of a row that is remembered without it. */
const forgotten = new Uint8Array()

type Changes = { holds: 'all' | 'appeared' | 'ended'; records: Uint8Array[] }[]

function changes({ rows }: Table, before: ReadonlyMap<string, Row> | undefined): Changes {
  if (before === undefined) return [{ holds: 'all', records: Array.from(rows.values(), ({ record }) => record) }]
  const ended = Array.from(before).filter(([id]) => !rows.has(id))
  const appeared = Array.from(rows).filter(([id, { mark }]) => before.get(id)?.mark !== mark)
  const kinds = [
    { holds: 'ended', records: ended.map(([id, { record }]) => (record.length === 0 ? Buffer.from(id) : record)) },
    { holds: 'appeared', records: appeared.map(([, { record }]) => record) },
  ] as const
  return kinds.filter(({ records }) => records.length > 0)
}

function* inParts(records: readonly Uint8Array[]): Generator<{ records: Uint8Array[]; bytes: number }> {
  let part: Uint8Array[] = []
  let bytes = 0
  for (const record of records) {
    if (part.length > 0 && (part.length === handOverRows || bytes + record.length > handOverBytes)) {
      yield { records: part, bytes }
      part = []
      bytes = 0
    }
    part.push(record)
    bytes += record.length
  }
  yield { records: part, bytes }
}
