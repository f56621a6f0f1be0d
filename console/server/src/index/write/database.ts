import { hash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

/** Codes of SQLite that say that a file is no longer what was written into it. */
const damaged = new Set([11, 26])

/**
 * Opens a file of the index for its one writer. A commit is on disk before the next file is committed: the order in
 * which files are committed (`schema.ts`) also holds when the machine loses its power.
 */
export function openForWriting(file: string, schema: string, cacheMb: number): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 10_000 })
  // A log of up to 160 MB between two checkpoints: pages that are changed again and again are written back once.
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 40000;
     PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -${cacheMb * 1024};`,
  )
  const version = versionOf(schema)
  if (hasTables(db) && db.prepare('PRAGMA user_version').get()?.user_version !== version) {
    db.close()
    throw new OtherVersion(`${file} has the tables of another version.`)
  }
  db.exec(`PRAGMA user_version = ${version}; ${schema}`)
  return db
}

/** The tables are those of another version of the console: like a broken file, it is made again. */
class OtherVersion extends Error {}

/** A change of the tables changes it, and nobody has to think of it. */
function versionOf(schema: string): number {
  return hash('sha256', schema, 'buffer').readUInt32BE() >>> 1
}

function hasTables(db: DatabaseSync): boolean {
  return db.prepare('select 1 from sqlite_schema limit 1').get() !== undefined
}

/** True for an error that says that a file of the index is broken or of another version: it has to be made again. */
export function isDamaged(error: unknown): boolean {
  if (error instanceof OtherVersion) return true
  const code = sqliteCodeOf(error)
  return code !== undefined && damaged.has(code & 0xff)
}

/** Code of SQLite, for an error of its own; undefined for any other. */
export function sqliteCodeOf(error: unknown): number | undefined {
  const isOurs = error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR' && 'errcode' in error
  return isOurs ? Number(error.errcode) : undefined
}

/** The one number in a table that holds one. */
export function readCursor(db: DatabaseSync, table: string): number {
  return Number(db.prepare(`select position from ${table}`).get()?.position ?? 0)
}

export function writeCursor(db: DatabaseSync, table: string, position: number): void {
  db.exec(`delete from ${table}`)
  db.prepare(`insert into ${table} (position) values (?)`).run(position)
}
