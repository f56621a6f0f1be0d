import { damagedEvent } from '../damaged-event.ts'
import type { Database, DatabaseDecoder } from '../database.ts'
import type { DecodeRecord, Event } from '../decoder.ts'
import { readWal, walPageBytes } from './wal.ts'

const dataset = 'sqlite'
/** More are counted. */
const mostNamed = 200

/** What the file holds, so that an empty history is told from none. */
export function summaryEvent({ id }: DecodeRecord, database: Database, known: DatabaseDecoder | undefined): Event {
  const tables = Array.from(database.tables())
  const named = tables.slice(0, mostNamed).map((table) => ({ name: table.name.slice(0, 200), rows: table.count() }))
  const what = known === undefined ? 'SQLite database' : known.title
  return {
    event: { kind: 'state', dataset, category: ['database'], type: ['info'], action: 'database-read' },
    message: `${what}: ${named
      .slice(0, 20)
      .map(({ name, rows }) => `${name} (${rows})`)
      .join(', ')}`,
    tidewaiter: { record: id, database: database.about, tables: named, table_count: tables.length },
  }
}

/** A write-ahead log by itself: without its database nothing says what its pages are. */
export function logEvent(record: DecodeRecord, bytes: Uint8Array): Event {
  if (walPageBytes(bytes) === undefined)
    return damagedEvent(record, dataset, { code: 'format-unknown', says: 'This is no SQLite database.' })
  const wal = readWal(bytes)
  if (wal === undefined)
    return damagedEvent(record, dataset, {
      code: 'format-unknown',
      says: 'The head of the write-ahead log is damaged.',
    })
  const { commits, frames, uncommitted, pages } = wal
  return {
    event: { kind: 'state', dataset, category: ['database'], type: ['info'], action: 'database-log-read' },
    message: `write-ahead log of a SQLite database: ${commits} commits in ${frames} frames, read with the database it lies beside`,
    tidewaiter: {
      record: record.id,
      log: { commits, frames, uncommitted_frames: uncommitted, pages: pages.size, page_bytes: wal.pageBytes },
    },
  }
}
