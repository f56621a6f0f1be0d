import { readdirSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { files, rowIdOf } from '../layout.ts'
import { embeddedSchema, eventColumns } from '../schema.ts'
import { openForWriting, readCursor, writeCursor } from './database.ts'
import { type Insert, openInsert } from './insert.ts'
import { at, type Value } from './row.ts'

/** The day file that is written, and the row about it in the main file. */
export interface Day {
  /** @param cursor position up to which the main file is written: what stands beyond it in the day was never visible */
  begin(name: string, cursor: number): void
  insert(id: number, values: readonly Value[]): void
  /** Commits the day and writes about it into the open transaction of the main file. Gives its name; undefined when none was begun. */
  commit(position: number): string | undefined
  rollback(): void
  close(): void
}

interface OpenDay {
  name: string
  db: DatabaseSync
  insert: Insert
}

/** Days that may have been written last: the clock of a console may have gone back. */
const mostRepaired = 3

export function openDay(dir: string, main: DatabaseSync): Day {
  const upsert = main.prepare(
    `insert into day (day, first_position, min_at, max_at, events) values (?, ?, ?, ?, ?) on conflict (day) do update
     set min_at = min(min_at, excluded.min_at), max_at = max(max_at, excluded.max_at), events = events + excluded.events`,
  )
  let open: OpenDay | undefined
  let sum = emptySum(0)
  for (const name of daysIn(dir).slice(-mostRepaired)) {
    const day = openFile(dir, name)
    repair(day.db, readCursor(main, 'event_cursor'))
    day.db.close()
  }
  return {
    begin(name, cursor) {
      if (open?.name !== name) {
        open?.db.close()
        open = undefined
        open = openFile(dir, name)
        repair(open.db, cursor)
      }
      sum = emptySum(cursor)
      open.db.exec('begin immediate')
    },
    insert(id, values) {
      const ms = Number(values[at])
      if (ms < sum.minAt) sum.minAt = ms
      if (ms > sum.maxAt) sum.maxAt = ms
      sum.events += 1
      open?.insert(id, values)
    },
    commit(position) {
      if (open === undefined || !open.db.isTransaction) return undefined
      writeCursor(open.db, 'day_cursor', position)
      open.db.exec('commit')
      if (sum.events > 0) upsert.run(open.name, sum.position, sum.minAt, sum.maxAt, sum.events)
      return open.name
    },
    rollback() {
      if (open?.db.isTransaction === true) open.db.exec('rollback')
    },
    close: () => open?.db.close(),
  }
}

function emptySum(position: number) {
  return { position, events: 0, minAt: Number.POSITIVE_INFINITY, maxAt: Number.NEGATIVE_INFINITY }
}

function daysIn(dir: string): string[] {
  return readdirSync(dir)
    .flatMap((name) => /^events-(\d{4}-\d{2}-\d{2})\.db$/.exec(name)?.[1] ?? [])
    .sort()
}

function openFile(dir: string, name: string): OpenDay {
  const db = openForWriting(files.eventsOf(dir, name), embeddedSchema.eventsDay, 64)
  const insert = openInsert(db, { table: 'event', id: 'id', columns: eventColumns })
  return { name, db, insert }
}

/** A crash between the two commits leaves rows that the main file knows nothing of: they come again. */
function repair(db: DatabaseSync, cursor: number): void {
  if (readCursor(db, 'day_cursor') <= cursor) return
  db.exec('begin immediate')
  db.prepare('delete from event where id >= ?').run(rowIdOf(cursor, 0))
  writeCursor(db, 'day_cursor', cursor)
  db.exec('commit')
}
