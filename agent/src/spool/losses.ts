import type { DatabaseSync } from 'node:sqlite'
import { type Header, Loss } from '@tidewaiter/protocol'
import { prepared, whole } from './database.ts'
import { readState, writeState } from './late-writes.ts'

export const causes = {
  overBudget: 'the spool was over its budget before the console took it',
  volumeFull: 'the volume of the spool had no room to spare before the console took it',
  chainEnded: 'the chain ended before the console took it',
} as const

/** What is lost when a batch goes that no console has: its records, and the losses it owned up to. */
function lossesOf({ sources, lost, from, to }: Header, cause: string): Loss[] {
  const records = sources
    .filter(({ count }) => count > 0)
    .map(({ id, count }): Loss => ({ source: id, count, cause, from, to }))
  return [...records, ...lost]
}

/** What losses come to. */
export interface Lost {
  /** Records, as far as they could be counted. */
  records: number
  /** Losses of unknown size. */
  uncounted: number
}

/** What this spool had to give up: owed until a header states it, and counted since the spool was made. Nothing here opens a transaction. */
export class Losses {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** Losses of one source by one cause are one loss; those of unknown size stay apart, so that what was counted stays counted. */
  owe(header: Header, cause: string): void {
    const upsert = prepared(
      this.#db,
      `INSERT INTO loss (source, cause, count, began_at, ended_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       count = count + excluded.count, began_at = min(began_at, excluded.began_at), ended_at = max(ended_at, excluded.ended_at)`,
    )
    for (const loss of lossesOf(header, cause)) upsert.run(loss.source, loss.cause, loss.count, loss.from, loss.to)
    // What this header owned up to is owed again, and is counted again when the next header states it.
    this.#count(sum(header.lost), -1)
  }

  /** Those that no header has stated yet. */
  owed(limit: number): Loss[] {
    const sql = 'SELECT source, count, cause, began_at AS "from", ended_at AS "to" FROM loss ORDER BY began_at LIMIT ?'
    return prepared(this.#db, sql)
      .all(limit)
      .map((loss) => whole(Loss, { ...loss }))
  }

  /** A header states `lost`; of it, `settled` was owed. */
  state(lost: readonly Loss[], settled: readonly Loss[]): void {
    const sql = 'DELETE FROM loss WHERE source = ? AND cause = ? AND (count IS NULL) = ?'
    for (const { source, cause, count } of settled) prepared(this.#db, sql).run(source, cause, count === null ? 1 : 0)
    this.#count(sum(lost), 1)
  }

  total(): Lost {
    const sql = 'SELECT ifnull(sum(count), 0) AS records, ifnull(sum(count IS NULL), 0) AS uncounted FROM loss'
    // An aggregate without GROUP BY is one row of these numbers.
    const owed = { ...(prepared(this.#db, sql).get() as unknown as Lost) }
    const stated = this.#stated()
    return { records: owed.records + stated.records, uncounted: owed.uncounted + stated.uncounted }
  }

  /** What headers have stated. */
  #stated(): Lost {
    const stated = (name: string) => Number(readState(this.#db, name) ?? 0)
    return { records: stated('lost'), uncounted: stated('lost-uncounted') }
  }

  #count({ records, uncounted }: Lost, sign: 1 | -1): void {
    const before = this.#stated()
    writeState(this.#db, 'lost', before.records + sign * records)
    writeState(this.#db, 'lost-uncounted', before.uncounted + sign * uncounted)
  }
}

function sum(losses: readonly Loss[]): Lost {
  const records = losses.reduce((total, { count }) => total + (count ?? 0), 0)
  return { records, uncounted: losses.filter(({ count }) => count === null).length }
}
