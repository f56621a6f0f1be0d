import { closeSync, openSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { check } from '@tidewaiter/protocol'
import type { Static, TSchema } from 'typebox'
import { errnoOf, isAgentRefusal, refuse, sqliteCodeOf } from '../error.ts'
import { parseJson } from '../json.ts'

const loss = `
  CREATE TABLE loss (
    source TEXT NOT NULL, cause TEXT NOT NULL, count INTEGER, began_at TEXT NOT NULL, ended_at TEXT NOT NULL);
  CREATE UNIQUE INDEX loss_kind ON loss (source, cause, count IS NULL);
`
/** What stands in the spool. The bytes of a batch are apart, so that walking over batches does not read them. */
const schema = `
  CREATE TABLE chain (
    no INTEGER PRIMARY KEY, host TEXT NOT NULL, lineage TEXT, seq INTEGER NOT NULL, header_hash TEXT, certificate TEXT,
    acked INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE batch (
    no INTEGER PRIMARY KEY, chain INTEGER NOT NULL REFERENCES chain, seq INTEGER NOT NULL, header_hash TEXT NOT NULL,
    raw_bytes INTEGER NOT NULL, bytes INTEGER NOT NULL, acked INTEGER NOT NULL DEFAULT 0, UNIQUE (chain, seq));
  CREATE INDEX batch_acked ON batch (acked, no);
  CREATE TABLE body (no INTEGER PRIMARY KEY REFERENCES batch, bytes BLOB NOT NULL);
  CREATE TABLE source (
    id TEXT PRIMARY KEY, position TEXT NOT NULL, records INTEGER NOT NULL, at TEXT NOT NULL, predecessor TEXT,
    backfill TEXT);
  ${loss}
  CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  PRAGMA user_version = 5;
`
/** From version 4 to 5, from 3 to 4, from 2 to 3, and from 1 to 2: what it holds stays. */
const toFifth = `
  ALTER TABLE chain ADD COLUMN acked INTEGER NOT NULL DEFAULT 0;
  UPDATE chain SET acked = ifnull(
    (SELECT min(batch.seq) - 1 FROM batch WHERE batch.chain = chain.no AND batch.acked = 0), seq);
  PRAGMA user_version = 5;
`
const toFourth = `
  ALTER TABLE chain ADD COLUMN certificate TEXT;
  PRAGMA user_version = 4;
`
const toThird = `
  ALTER TABLE source ADD COLUMN backfill TEXT;
  PRAGMA user_version = 3;
`
const toSecond = `
  ALTER TABLE source ADD COLUMN predecessor TEXT;
  ALTER TABLE loss RENAME TO loss_before;
  ${loss}
  INSERT INTO loss SELECT source, cause, count, began_at, ended_at FROM loss_before;
  DROP TABLE loss_before;
`

/** Opens or makes the database. Throws `spool-broken`, `spool-full`. */
export function openDatabase(file: string): DatabaseSync {
  const db = guarded(() => {
    // For its owner only; the files SQLite puts beside it take after it.
    closeSync(openSync(file, 'a', 0o600))
    // `status` reads it too, and whoever comes first after a death mends it.
    return new DatabaseSync(file, { timeout: 2_000 })
  })
  try {
    guarded(() => prepare(db))
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

function prepare(db: DatabaseSync): void {
  // First, while there is nothing in it: a volume on which room is short gets back what was removed.
  db.exec('PRAGMA auto_vacuum = INCREMENTAL')
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -256')
  const version = db.prepare('PRAGMA user_version').get()?.user_version
  if (version === 0) transaction(db, () => db.exec(schema))
  else if (version === 1) transaction(db, () => db.exec(toSecond + toThird + toFourth + toFifth))
  else if (version === 2) transaction(db, () => db.exec(toThird + toFourth + toFifth))
  else if (version === 3) transaction(db, () => db.exec(toFourth + toFifth))
  else if (version === 4) transaction(db, () => db.exec(toFifth))
  else if (version !== 5) throw refuse('spool-broken', `The spool is of version ${version}, not 5.`)
}

const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>()

/** A statement, compiled once. To be used up before anybody else can ask for it. */
export function prepared(db: DatabaseSync, sql: string): StatementSync {
  const known = statements.get(db) ?? new Map<string, StatementSync>()
  statements.set(db, known)
  const statement = known.get(sql) ?? db.prepare(sql)
  known.set(sql, statement)
  return statement
}

/** All of it or nothing. The mistake of `act` stays the one that is thrown. */
export function transaction<T>(db: DatabaseSync, act: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = act()
    db.exec('COMMIT')
    return result
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw cause
  }
}

/**
 * Moves what is in the write-ahead log into the database, so that the log begins anew in the room it has: a full disk
 * has no more for it. False when even that cannot be done.
 */
export function restartLog(db: DatabaseSync): boolean {
  return isWritten(() => void db.prepare('PRAGMA wal_checkpoint(RESTART)').get())
}

/** Bytes of the file in which nothing stands. */
export function unusedBytes(db: DatabaseSync): number {
  const pragma = (name: string) => Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0)
  return pragma('freelist_count') * pragma('page_size')
}

/** Pages that are given back in one go, which takes a moment in which nothing else happens. */
const mostPages = 4096

/** Gives unused bytes back to the volume, as far as the file was made for it and the disk takes it. */
export function giveBack(db: DatabaseSync): void {
  isWritten(() => db.exec(`PRAGMA incremental_vacuum(${mostPages})`))
}

/**
 * Primary result codes (sqlite.org/rescode.html): READONLY, IOERR, FULL, CANTOPEN; CORRUPT, NOTADB, and CONSTRAINT: a
 * spool that contradicts what is written by itself alone was changed.
 */
const unwritable = new Set([8, 10, 13, 14])
const unwritableErrno = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'])
const damaged = new Set([11, 19, 26])

const full = 'The spool cannot be written. Free space on its volume: the agent goes on by itself.'

/** Runs what touches the database; its failures come out as `spool-full` or `spool-broken`. */
export function guarded<T>(act: () => T): T {
  try {
    return act()
  } catch (cause) {
    const code = sqliteCodeOf(cause)
    if (isAgentRefusal(cause)) throw cause
    if (code === undefined ? unwritableErrno.has(errnoOf(cause) ?? '') : unwritable.has(code))
      throw refuse('spool-full', full, { cause })
    if (code !== undefined && damaged.has(code)) throw refuse('spool-broken', 'The spool is damaged.', { cause })
    throw cause
  }
}

/** False when the disk does not take what `act` writes: the one failure an agent waits out. */
export function isWritten(act: () => void): boolean {
  try {
    guarded(act)
    return true
  } catch (cause) {
    if (isAgentRefusal(cause) && cause.code === 'spool-full') return false
    throw cause
  }
}

/** What only the spool writes: anything else is damage, and would be sealed, or end the agent, at every start. */
export function whole<T extends TSchema>(shape: T, value: unknown): Static<T> {
  if (!check(shape, value)) throw refuse('spool-broken', 'The spool is damaged.')
  return value
}

/** JSON of a column that only the spool writes. */
export function parsed<T extends TSchema>(shape: T, text: unknown): Static<T> {
  return whole(shape, parsedJson(text))
}

/** The same, whatever the JSON says. */
export function parsedJson(text: unknown): unknown {
  const value = parseJson(String(text))
  if (value === undefined) throw refuse('spool-broken', 'The spool is damaged.')
  return value
}
