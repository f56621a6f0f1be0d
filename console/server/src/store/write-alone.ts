import { SqliteAdapter, sql } from 'kysely'
import type { Transaction } from './store.ts'
import type { Tables } from './tables.ts'

/**
 * Lets nobody else write to a table until the transaction ends: what it reads there from now on stays the newest. SQLite
 * has one writer at a time anyway, from the first statement of a transaction to its last.
 */
export async function writeAlone(tx: Transaction, table: keyof Tables): Promise<void> {
  if (tx.getExecutor().adapter instanceof SqliteAdapter) return
  await sql`lock table ${sql.table(table)} in exclusive mode`.execute(tx)
}
