import type { Frontier } from '@tidewaiter/protocol'
import { syncFolder } from '../keys/folder.ts'
import type { Sqlite, Value } from '../store/sqlite.ts'
import { newSegmentKey, unwrapSegmentKey } from './cipher.ts'
import { formatFrontier, pageBytes, pragmas, type Segment, schema, segmentFile } from './segment.ts'

/** The segment that is written: one transaction after the other. */
export interface Writer {
  segment: Segment
  /** Key of its payloads. */
  key: Uint8Array
  /** Size of the file when all that is committed is in it. */
  bytes(): number
  /** Adds everything or nothing, on disk when it resolves. Rejects with what SQLite says. */
  commit(statements: readonly [sql: string, parameters: Value[]][]): Promise<void>
  /** Number of entries in the ledger, as this file says. */
  size(): Promise<number>
  close(): Promise<void>
}

export interface WriterOptions {
  dir: string
  open(file: string): Promise<Sqlite>
  masterKey: Uint8Array
  now(): number
}

/** Goes on in a segment to which nothing was added yet. */
export async function openWriter(options: WriterOptions, segment: Segment): Promise<Writer> {
  const key = unwrapSegmentKey(options.masterKey, segment.wrappedKey, segment)
  const db = await openFile(options, segment.number)
  return writerOf(db, segment, key)
}

/** Makes the next segment of a ledger, durable when it resolves. What a killed console left of this number is finished. */
export async function newWriter(
  options: WriterOptions,
  { ledger, number, frontier }: { ledger: string; number: number; frontier: Frontier },
): Promise<Writer> {
  const { key, wrapped } = newSegmentKey(options.masterKey, { ledger, number })
  const db = await openFile(options, number)
  try {
    await db.exec(`BEGIN IMMEDIATE; ${schema}`)
    const row = [
      number,
      ledger,
      frontier.size,
      formatFrontier(frontier),
      wrapped,
      new Date(options.now()).toISOString(),
    ]
    await db.run(
      'insert into segment (number, ledger, first, frontier, key, created_at) values (?, ?, ?, ?, ?, ?)',
      row,
    )
    await db.exec('COMMIT')
    syncFolder(options.dir)
  } catch (cause) {
    await db.close()
    throw cause
  }
  const segment = { number, ledger, first: frontier.size, frontier, wrappedKey: wrapped }
  return writerOf(db, segment, key)
}

async function openFile({ dir, open }: WriterOptions, number: number): Promise<Sqlite> {
  const db = await open(segmentFile(dir, number))
  try {
    await db.exec(pragmas)
    return db
  } catch (cause) {
    await db.close()
    throw cause
  }
}

async function writerOf(db: Sqlite, segment: Segment, key: Uint8Array): Promise<Writer> {
  let pages = await pagesOf(db)
  return {
    segment,
    key,
    bytes: () => pages * pageBytes,
    async commit(statements) {
      await db.exec('BEGIN IMMEDIATE')
      for (const [sql, parameters] of statements) await db.run(sql, parameters)
      const grown = await pagesOf(db)
      await db.exec('COMMIT')
      pages = grown
    },
    async size() {
      // Ends what a failed commit left open; SQLite has often done so itself.
      await db.exec('ROLLBACK').catch(() => undefined)
      const [row] = await db.all<{ last: number | null }>('select max(position) as last from batch')
      return row?.last == null ? segment.first : row.last + 1
    },
    async close() {
      // Best effort, so that what is finished is one file: others may be reading it, and nothing depends on it.
      await db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)').catch(() => undefined)
      await db.close()
    },
  }
}

async function pagesOf(db: Sqlite): Promise<number> {
  const [row] = await db.all<{ page_count: number }>('PRAGMA page_count')
  return row?.page_count ?? 0
}
