import type { DatabaseSync } from 'node:sqlite'
import { files, positionOfRow } from '../layout.ts'
import { embeddedSchema, wordColumns } from '../schema.ts'
import { openForWriting, readCursor, writeCursor } from './database.ts'
import type { EventWords } from './event-words.ts'
import { type Insert, openInsert } from './insert.ts'

/** The words of the day that is written. It is committed before the values: it may be ahead of them, never behind. */
export interface TextDay {
  begin(name: string): void
  /** Words that a crash left ahead of the values are there already: words without a text cannot be taken out again. */
  insert(id: number, words: EventWords): void
  commit(position: number): void
  rollback(): void
  close(): void
}

interface OpenText {
  name: string
  db: DatabaseSync
  insert: Insert
  /** Batches below this are in it. */
  cursor: number
}

export function openTextDay(dir: string): TextDay {
  let open: OpenText | undefined
  return {
    begin(name) {
      if (open?.name !== name) {
        open?.db.close()
        open = undefined
        open = openFile(dir, name)
      }
      open.db.exec('begin immediate')
    },
    insert(id, words) {
      if (open !== undefined && positionOfRow(id) >= open.cursor) open.insert(id, words)
    },
    commit(position) {
      if (open === undefined || !open.db.isTransaction) return
      const cursor = Math.max(position, open.cursor)
      writeCursor(open.db, 'text_cursor', cursor)
      open.db.exec('commit')
      open.cursor = cursor
    },
    rollback() {
      if (open?.db.isTransaction === true) open.db.exec('rollback')
    },
    close: () => open?.db.close(),
  }
}

function openFile(dir: string, name: string): OpenText {
  const db = openForWriting(files.textOf(dir, name), embeddedSchema.textDay, 32)
  // Words of a large transaction are gathered in memory and written once (measured: a third less than with 1 MB), and
  // pieces are joined by sixteens, not by fours: a quarter less again, and a word is looked up in a few pieces more.
  db.exec(
    `insert into words (words, rank) values ('hashsize', ${32 * 1024 * 1024}), ('automerge', 16), ('crisismerge', 32)`,
  )
  const insert = openInsert(db, { table: 'words', id: 'rowid', columns: wordColumns })
  return { name, db, insert, cursor: readCursor(db, 'text_cursor') }
}
