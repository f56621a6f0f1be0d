import type { DatabaseSync } from 'node:sqlite'
import type { Mark } from './indexing.ts'

/** Batches that are in the ledger and not in the index. */
export interface Marks {
  add(mark: Mark): void
}

/** @param table `event_mark` or `value_mark` */
export function openMarks(db: DatabaseSync, table: string): Marks {
  const insert = db.prepare(`insert or replace into ${table} (position, code, says) values (?, ?, ?)`)
  return { add: ({ position, code, says }) => void insert.run(position, code, says) }
}
