import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'
import type { Event } from './decoder.ts'
import { decoderById } from './index.ts'
import { recordOf } from './recorded.fixture.ts'
import { bytesOf } from './shared-data.fixture.ts'

/** Databases of browsers and of macOS in the shared data. */
export const databaseNames = [
  'browser_history/bh__Safari_History.db',
  'browser_history/bh__edge_History_1',
  'browser_history/bh__librewolf_places.sqlite.gz',
  'browser_history/bh__linux_chrome_History',
  'browser_history/bh__win_firefox_places1.sqlite.gz',
  'browser_history/chrome__History',
  'browser_history/chrome__History-59.0.3071.86',
  'browser_history/firefox__downloads.sqlite',
  'browser_history/firefox__places.sqlite',
  'browser_history/hindsight__chrome01_History',
  'browser_history/hindsight__chrome30_History',
  'browser_history/safari__History.db',
  'macos/macos__TCC-test.db',
  'macos/sqlite__quarantine.db',
]

export function databaseBytes(name: string): Buffer {
  const bytes = bytesOf(name)
  return name.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

/** Events of the rows of a database, without what is said of the file. */
export function rowEvents(bytes: Uint8Array): Event[] {
  return eventsOfDatabase(bytes).filter(({ event }) => event.dataset !== 'sqlite')
}

/** @param wal as it lies beside the file */
export function eventsOfDatabase(bytes: Uint8Array, wal?: Uint8Array): Event[] {
  const beside = wal === undefined ? [] : [{ name: 'database-wal', prefix: 'wal', bytes: wal }]
  const decoding = decoderById('sqlite').start({ beside })
  return [...decoding.push(recordOf(bytes)), ...decoding.end()]
}

export type SqliteRow = Record<string, null | number | bigint | string | Uint8Array>

/** SQLite's own answers. Integers come in full. */
export interface Asked {
  ask(sql: string): SqliteRow[]
  /** The file as it is after what was asked. */
  bytesNow(): Buffer
}

/** SQLite over bytes of a database, for as long as `use` runs. */
export function withSqlite<T>(bytes: Uint8Array, use: (sqlite: Asked) => T): T {
  return inFolder((folder) => {
    const path = join(folder, 'database')
    writeFileSync(path, bytes)
    const database = new DatabaseSync(path)
    try {
      return use({ ask: (sql) => ask(database, sql), bytesNow: () => readFileSync(path) })
    } finally {
      database.close()
    }
  })
}

interface Made {
  bytes: Buffer
  /** As it lies beside the database while that is open. */
  wal: Buffer | undefined
  /** What SQLite answers to `select * from t`, where there is such a table. */
  rows: unknown[][]
}

/** Has SQLite itself make a database. `before` is checkpointed, `after` stays in the log where there is one. */
export function madeBySqlite(before: string, after = ''): Made {
  return inFolder((folder) => {
    const path = join(folder, 'made')
    const database = new DatabaseSync(path)
    try {
      database.exec(before)
      database.exec('pragma wal_checkpoint(truncate)')
      database.exec(after)
      copyFileSync(path, `${path}.copy`)
      const [mode] = ask(database, 'pragma journal_mode')
      const wal = mode?.journal_mode === 'wal' ? readFileSync(`${path}-wal`) : undefined
      const [hasRows] = ask(database, `select 1 from sqlite_master where name = 't'`)
      const rows = hasRows === undefined ? [] : ask(database, 'select * from t').map((row) => Object.values(row))
      return { bytes: readFileSync(`${path}.copy`), wal, rows }
    } finally {
      database.close()
    }
  })
}

function ask(database: DatabaseSync, sql: string): SqliteRow[] {
  const statement = database.prepare(sql)
  statement.setReadBigInts(true)
  // What SQLite gives is typed wider than it is for a statement that reads.
  return statement.all() as SqliteRow[]
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sqlite-'))
  try {
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
