import { errnoOf, isRefusal, refuse } from '../../error.ts'
import { openSqlite, type Sqlite } from '../../store/sqlite.ts'
import { files } from '../layout.ts'

/** Reads files of the index while their writers write them. Only through this: one library a file in this process. */
export interface Handles {
  /** What the events writer keeps beside the days. */
  events<Result>(act: (db: Sqlite) => Promise<Result>): Promise<Result>
  values<Result>(act: (db: Sqlite) => Promise<Result>): Promise<Result>
  /** A day of which something is visible: tables `event` and `words`. */
  day<Result>(name: string, act: (db: Sqlite) => Promise<Result>): Promise<Result>
  /** A handle of its own, to which days can be attached. */
  alone<Result>(act: (db: Sqlite, fileOf: (day: string) => string) => Promise<Result>): Promise<Result>
  /** After it everything is opened anew. */
  closeAll(): Promise<void>
}

/** Days that are open at a time, and statements over days that run at a time: the threads are also those of the ledger. */
const mostOpen = 16
const mostRunning = 2

export function openHandles(dir: string): Handles {
  const days = openPool((name) => openDay(dir, name), mostOpen)
  const mains = openPool((file) => openSqlite(file, { readOnly: true }), 4)
  // What is attached to one that cannot be written cannot be written either.
  const alone = openPool((file) => openSqlite(file, { readOnly: true }), 0)
  const running = openGate(mostRunning)
  const measuring = openGate(1)
  return {
    events: (act) => mains.use(files.events(dir), act),
    values: (act) => mains.use(files.values(dir), act),
    day: (name, act) => running(() => days.use(name, act)),
    alone: (act) => measuring(() => alone.use(':memory:', (db) => act(db, (day) => files.eventsOf(dir, day)))),
    async closeAll() {
      for (const pool of [days, mains, alone]) await pool.closeAll()
    },
  }
}

async function openDay(dir: string, name: string): Promise<Sqlite> {
  const db = await openSqlite(files.eventsOf(dir, name), { readOnly: true })
  try {
    await db.run('attach ? as text', [files.textOf(dir, name)])
    await db.exec('PRAGMA cache_size = -16384')
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}

/** Lets so many at a time go on; the others wait in their order. */
function openGate(most: number) {
  let free = most
  const waiting: (() => void)[] = []
  return async <Result>(act: () => Promise<Result>): Promise<Result> => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    else free -= 1
    try {
      return await act()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

/** Handles by name. One is used by one at a time: what interrupts it interrupts nobody else. */
function openPool(open: (name: string) => Promise<Sqlite>, mostIdle: number) {
  let idle: { name: string; db: Sqlite }[] = []
  let users = 0
  let generation = 0
  let isFree = () => {}
  return {
    async use<Result>(name: string, act: (db: Sqlite) => Promise<Result>): Promise<Result> {
      const own = generation
      const found = idle.findLastIndex((handle) => handle.name === name)
      const [known] = found < 0 ? [] : idle.splice(found, 1)
      users += 1
      let db: Sqlite | undefined
      try {
        db = known?.db ?? (await open(name).catch(beingMade))
        return await act(db)
      } finally {
        if (db !== undefined && own === generation) idle.push({ name, db })
        else await db?.close()
        users -= 1
        if (users === 0) isFree()
        while (idle.length > mostIdle) await idle.shift()?.db.close()
      }
    },
    /** Waits for those that are in use. */
    async closeAll(): Promise<void> {
      generation += 1
      if (users > 0) await new Promise<void>((resolve) => (isFree = resolve))
      const all = idle
      idle = []
      for (const { db } of all) await db.close()
    },
  }
}

/** A question that had begun before the index was made again finds a file gone, or not there yet. */
function beingMade(cause: unknown): never {
  if (errnoOf(cause) !== 'SQLITE_CANTOPEN') throw cause
  throw refuse('index-rebuilding', 'The index is being made again from the ledger.', { cause })
}

/** Longest time a question may take. */
export const mostMs = 10_000

/** Runs statements on a handle until the time is over. Throws `query-too-broad`. */
export async function limited<Result>(db: Sqlite, endsAtMs: number, act: () => Promise<Result>): Promise<Result> {
  let isLate = false
  const stop = () => {
    isLate = true
    db.interrupt()
  }
  const leftMs = endsAtMs - Date.now()
  if (leftMs <= 0) throw tooBroad()
  const timer = setTimeout(stop, leftMs)
  try {
    return await act()
  } catch (cause) {
    throw isLate ? tooBroad(cause) : cause
  } finally {
    clearTimeout(timer)
  }
}

export function isTooBroad(error: unknown): boolean {
  return isRefusal(error) && error.code === 'query-too-broad'
}

function tooBroad(cause?: unknown) {
  return refuse('query-too-broad', `The search took longer than ${mostMs / 1000} seconds.`, { cause })
}
