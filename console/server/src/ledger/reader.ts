import { DatabaseSync } from 'node:sqlite'
import { isRefusal } from '../error.ts'
import { openPayload, unwrapSegmentKey } from './cipher.ts'
import type { Entry, LedgerReader } from './ledger.ts'
import { type EntryRow, entryColumns, newestSegment, type SegmentRow, segmentFile, toEntry } from './segment.ts'

interface OpenSegment {
  row: SegmentRow
  db: DatabaseSync
  key?: Uint8Array
}

/**
 * Reads the ledger in `dir` (`<data>/ledger`) from a child process, beside the console that writes it. Built-in SQLite:
 * the console's own process must never open the same files with it (`evidence.md` 11).
 */
export function openLedgerReader(dir: string, masterKey: Uint8Array): LedgerReader {
  const open = new Map<number, OpenSegment>()
  let newest = 0

  const segment = (number: number): OpenSegment | undefined => {
    const known = open.get(number)
    if (known !== undefined) return known
    const opened = openSegment(dir, number)
    if (opened !== undefined) open.set(number, opened)
    return opened
  }
  /** A cursor only goes on: segments before the one it stands in are closed. */
  const segmentOf = (position: number): OpenSegment | undefined => {
    let number = newest
    while (number > 1 && (segment(number)?.row.first ?? Number.POSITIVE_INFINITY) > position) number--
    for (const [other, { db }] of open)
      if (other < number) {
        db.close()
        open.delete(other)
      }
    return segment(number)
  }
  return {
    size: () => {
      newest = newestSegment(dir, newest)
      // The newest file may be there before it says what it is.
      const last = segment(newest) ?? segment(newest - 1)
      return last === undefined ? 0 : sizeOf(last)
    },
    read(position, maxBytes) {
      newest = newestSegment(dir, newest)
      const at = segmentOf(position)
      return at === undefined ? [] : readFrom(at, { position, maxBytes, masterKey })
    },
    entry(position) {
      newest = newestSegment(dir, newest)
      const row = segmentOf(position)?.db.prepare(`select ${entryColumns} from batch where position = ?`).get(position)
      // The columns of `schema`.
      return row === undefined ? undefined : toEntry(row as unknown as EntryRow)
    },
    close() {
      for (const { db } of open.values()) db.close()
      open.clear()
    },
  }
}

function openSegment(dir: string, number: number): OpenSegment | undefined {
  if (number < 1) return undefined
  const db = new DatabaseSync(segmentFile(dir, number), { readOnly: true, timeout: 10_000 })
  const row = readSegment(db)
  if (row !== undefined) return { row, db }
  db.close()
  return undefined
}

function readSegment(db: DatabaseSync): SegmentRow | undefined {
  const { made } = db.prepare("select count(*) as made from sqlite_schema where name = 'segment'").get() ?? {}
  // The columns of `schema`.
  return made === 1 ? (db.prepare('select * from segment').get() as unknown as SegmentRow | undefined) : undefined
}

function sizeOf({ db, row }: OpenSegment): number {
  const { last } = db.prepare('select max(position) as last from batch').get() ?? {}
  return typeof last === 'number' ? last + 1 : row.first
}

interface Reading {
  position: number
  maxBytes: number
  masterKey: Uint8Array
}

function readFrom(segment: OpenSegment, { position, maxBytes, masterKey }: Reading) {
  const { row, db } = segment
  const found: { entry: Entry; payload: Uint8Array }[] = []
  let bytes = 0
  const rows = db.prepare(`select ${entryColumns}, payload from batch where position >= ? order by position`)
  for (const next of rows.iterate(position)) {
    // The columns of `schema`.
    const sealed = next as unknown as EntryRow & { payload: Uint8Array }
    const entry = toEntry(sealed)
    const place = { ledger: row.ledger, position: entry.position, headerHash: entry.headerHash }
    try {
      segment.key ??= unwrapSegmentKey(masterKey, row.key, row)
      found.push({ entry, payload: openPayload(segment.key, sealed.payload, place) })
    } catch (error) {
      // What stands before it is handed over first; asked for from here, it is the answer.
      if (found.length > 0 && isRefusal(error)) break
      throw error
    }
    bytes += sealed.payload.length
    if (bytes >= maxBytes) break
  }
  return found
}
