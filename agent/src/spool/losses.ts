import type { DatabaseSync } from 'node:sqlite'
import { type Header, Loss } from '@tidewaiter/protocol'
import { prepared, whole } from './database.ts'

export const causes = {
  overBudget: 'the spool was over its budget before the console took it',
  volumeFull: 'the volume of the spool had no room to spare before the console took it',
  chainEnded: 'the chain ended before the console took it',
} as const

/** What is lost when a batch goes that no console has: its records, and the losses it owned up to. */
export function lossesOf({ sources, lost, from, to }: Header, cause: string): Loss[] {
  const records = sources
    .filter(({ count }) => count > 0)
    .map(({ id, count }): Loss => ({ source: id, count, cause, from, to }))
  return [...records, ...lost]
}

/** Losses of one source by one cause are one loss; those of unknown size stay apart, so that what was counted stays counted. */
export function addLoss(db: DatabaseSync, loss: Loss): void {
  prepared(
    db,
    `INSERT INTO loss (source, cause, count, began_at, ended_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     count = count + excluded.count, began_at = min(began_at, excluded.began_at), ended_at = max(ended_at, excluded.ended_at)`,
  ).run(loss.source, loss.cause, loss.count, loss.from, loss.to)
}

export function owedLosses(db: DatabaseSync, limit: number): Loss[] {
  const sql = 'SELECT source, count, cause, began_at AS "from", ended_at AS "to" FROM loss ORDER BY began_at LIMIT ?'
  return prepared(db, sql)
    .all(limit)
    .map((loss) => whole(Loss, { ...loss }))
}

export function settleLoss(db: DatabaseSync, { source, cause, count }: Loss): void {
  const sql = 'DELETE FROM loss WHERE source = ? AND cause = ? AND (count IS NULL) = ?'
  prepared(db, sql).run(source, cause, count === null ? 1 : 0)
}

/** What losses come to. */
export interface Lost {
  /** Records, as far as they could be counted. */
  records: number
  /** Losses of unknown size. */
  uncounted: number
}

export function owedSum(db: DatabaseSync): Lost {
  const sql = 'SELECT ifnull(sum(count), 0) AS records, ifnull(sum(count IS NULL), 0) AS uncounted FROM loss'
  // An aggregate without GROUP BY is one row of these numbers.
  return { ...(prepared(db, sql).get() as unknown as Lost) }
}

export function sum(losses: readonly Loss[]): Lost {
  const records = losses.reduce((total, { count }) => total + (count ?? 0), 0)
  return { records, uncounted: losses.filter(({ count }) => count === null).length }
}
