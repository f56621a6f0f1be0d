import { closeSync, openSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** What was seen of a name: by the stamp it is known again without being read. */
export interface Seen {
  stamp: string
  /** Its row, as JSON. */
  row: string
}

export interface Entry extends Seen {
  folder: string
  name: string
}

/** A row that is to be handed over. */
export interface Change {
  holds: 'appeared' | 'ended'
  record: string
  readAt: string
}

/** What all watched files were when they were last looked at, and what of it was not handed over. On the disk: it outlives the agent. */
export interface Baseline {
  count(): number
  namesIn(folder: string): Set<string>
  get(folder: string, name: string): Seen | undefined
  /** Entries below a folder, the folder itself not; at most `most`. */
  below(folder: string, most: number): Entry[]
  /** Entries after one, in order. */
  after(last: Pick<Entry, 'folder' | 'name'>, most: number): Entry[]
  /** Writes what is seen now (undefined: nothing is there) together with what is to be told of it, or not at all. */
  set(at: Pick<Entry, 'folder' | 'name'>, seen: Seen | undefined, change?: Change): void
  /** Changes that no hand-over has, the oldest first. */
  pending(most: number): (Change & { no: number })[]
  /** This hand-over has the changes up to this one. */
  handed(no: number, number: number): void
  /** Hand-overs below this number are sealed: what they had is forgotten. */
  sealed(number: number): void
  /** What hand-overs had that were never sealed waits again. */
  again(): void
  note(name: string): string | undefined
  setNote(name: string, value: string | undefined): void
  notes(prefix: string): string[]
  close(): void
  /** It had to be begun anew. */
  wasDamaged?: true
}

const version = 2
const schema = `
  CREATE TABLE IF NOT EXISTS entry (
    folder TEXT NOT NULL, name TEXT NOT NULL, stamp TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (folder, name)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS change (no INTEGER PRIMARY KEY, holds TEXT NOT NULL, record TEXT NOT NULL, read_at TEXT NOT NULL, handed INTEGER);
  CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  PRAGMA user_version = ${version};
`
const dropAll = 'DROP TABLE IF EXISTS entry; DROP TABLE IF EXISTS change; DROP TABLE IF EXISTS note;'
/** SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html). */
const damaged = [11, 26]

/** For an agent that keeps nothing: then every start is the first one. */
export const inMemory = ':memory:'

/**
 * Opens the file, or begins anew where it is damaged: then nobody knows what changed since the last look, nor what of it
 * had not been handed over.
 */
export function openBaseline(file: string): Baseline {
  try {
    return toBaseline(openFile(file))
  } catch (cause) {
    const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 255 : 0
    if (!damaged.includes(code)) throw cause
    for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true })
    return { ...toBaseline(openFile(file)), wasDamaged: true }
  }
}

function openFile(file: string): DatabaseSync {
  // For its owner only.
  if (file !== inMemory) closeSync(openSync(file, 'a', 0o600))
  const db = new DatabaseSync(file, { timeout: 2_000 })
  try {
    // What a power cut takes is seen again with the next look.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -256')
    const isOther = db.prepare('PRAGMA user_version').get()?.user_version !== version
    db.exec(`PRAGMA wal_autocheckpoint = 250; ${isOther ? dropAll : ''} ${schema}`)
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

// Each row is of the shape that its statement names.
function toBaseline(db: DatabaseSync): Baseline {
  const count = db.prepare('SELECT count(*) AS n FROM entry')
  const inFolder = db.prepare('SELECT name FROM entry WHERE folder = ?')
  const get = db.prepare('SELECT stamp, row FROM entry WHERE folder = ? AND name = ?')
  const below = db.prepare(
    'SELECT folder, name, stamp, row FROM entry WHERE folder = ?1 OR (folder > ?2 AND folder < ?3) LIMIT ?4',
  )
  const after = db.prepare(
    'SELECT folder, name, stamp, row FROM entry WHERE (folder, name) > (?, ?) ORDER BY folder, name LIMIT ?',
  )
  const put = db.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)')
  const drop = db.prepare('DELETE FROM entry WHERE folder = ? AND name = ?')
  const tell = db.prepare('INSERT INTO change (holds, record, read_at) VALUES (?, ?, ?)')
  const pending = db.prepare(
    'SELECT no, holds, record, read_at AS readAt FROM change WHERE handed IS NULL ORDER BY no LIMIT ?',
  )
  const hand = db.prepare('UPDATE change SET handed = ?2 WHERE no <= ?1 AND handed IS NULL')
  const forget = db.prepare('DELETE FROM change WHERE handed < ?')
  const takeBack = db.prepare('UPDATE change SET handed = NULL')
  const note = db.prepare('SELECT value FROM note WHERE name = ?')
  const setNote = db.prepare('INSERT OR REPLACE INTO note VALUES (?, ?)')
  const dropNote = db.prepare('DELETE FROM note WHERE name = ?')
  const notes = db.prepare('SELECT name FROM note')
  // Counting walks over all of them.
  let size = Number(count.get()?.n)
  return {
    count: () => size,
    namesIn: (folder) => new Set(inFolder.all(folder).map(({ name }) => String(name))),
    get: (folder, name) => get.get(folder, name) as unknown as Seen | undefined,
    below: (folder, most) => below.all(folder, `${folder}/`, `${folder}0`, most) as unknown as Entry[],
    after: ({ folder, name }, most) => after.all(folder, name, most) as unknown as Entry[],
    set({ folder, name }, seen, change) {
      const grows = Number(seen !== undefined) - Number(get.get(folder, name) !== undefined)
      db.exec('BEGIN')
      try {
        if (seen === undefined) drop.run(folder, name)
        else put.run(folder, name, seen.stamp, seen.row)
        if (change !== undefined) tell.run(change.holds, change.record, change.readAt)
        db.exec('COMMIT')
        size += grows
      } catch (cause) {
        db.exec('ROLLBACK')
        throw cause
      }
    },
    pending: (most) => pending.all(most) as unknown as (Change & { no: number })[],
    handed: (no, number) => void hand.run(no, number),
    sealed: (number) => void forget.run(number),
    again: () => void takeBack.run(),
    note: (name) => note.get(name)?.value as string | undefined,
    setNote: (name, value) => void (value === undefined ? dropNote.run(name) : setNote.run(name, value)),
    notes: (prefix) => notes.all().flatMap(({ name }) => (String(name).startsWith(prefix) ? [String(name)] : [])),
    close: () => db.close(),
  }
}
