import type { DatabaseSync } from 'node:sqlite'
import type { Batches, Mark } from './batches.ts'
import { isWritten, parsedJson, prepared, transaction } from './database.ts'

/**
 * What a console tells again after a power failure: values, and marks of the batches it holds. They survive a kill and
 * do not wait for the disk. What a full disk does not take holds in memory until there is room.
 */
export class LateWrites {
  readonly #db: DatabaseSync
  readonly #batches: Batches
  #values = new Map<string, unknown>()
  #marks: Mark[] = []

  constructor(db: DatabaseSync, batches: Batches) {
    this.#db = db
    this.#batches = batches
  }

  remember(name: string, value: unknown): void {
    this.#values.set(name, value)
  }

  mark(mark: Mark): void {
    this.#marks.push(mark)
  }

  recall(name: string): unknown {
    return this.#values.get(name) ?? readState(this.#db, name)
  }

  /** Writes all of it or, on a full disk, nothing. Returns how much was marked that was not marked before. */
  write(): { batches: number; bytes: number } {
    let marked = { batches: 0, bytes: 0 }
    if (this.#values.size === 0 && this.#marks.length === 0) return marked
    const isDone = isWritten(() => {
      this.#db.exec('PRAGMA synchronous = NORMAL')
      try {
        marked = transaction(this.#db, () => this.#writeAll())
      } finally {
        this.#db.exec('PRAGMA synchronous = FULL')
      }
    })
    if (!isDone) return { batches: 0, bytes: 0 }
    this.#values = new Map()
    this.#marks = []
    return marked
  }

  #writeAll() {
    for (const [name, value] of this.#values) writeState(this.#db, name, value)
    const marked = { batches: 0, bytes: 0 }
    for (const mark of this.#marks) {
      const { batches, bytes } = this.#batches.acknowledge(mark)
      marked.batches += batches
      marked.bytes += bytes
    }
    return marked
  }
}

/** A value of the table `state`, whatever JSON it is. */
export function readState(db: DatabaseSync, name: string): unknown {
  const row = prepared(db, 'SELECT value FROM state WHERE name = ?').get(name)
  return row === undefined ? undefined : parsedJson(row.value)
}

export function writeState(db: DatabaseSync, name: string, value: unknown): void {
  const upsert = 'INSERT INTO state VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value'
  prepared(db, upsert).run(name, JSON.stringify(value))
}
