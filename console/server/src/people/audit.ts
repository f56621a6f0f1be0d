import { hash } from 'node:crypto'
import type { Store, Transaction } from '../store/store.ts'
import type { AuditTable } from '../store/tables.ts'
import { writeAlone } from '../store/write-alone.ts'

/** One act of a person, as it is handed in: who, what, and the data that tells which. */
export interface Act {
  who: string
  act: string
  data: Record<string, unknown>
  at: string
}

/** The line that is hashed; `data` stays the text that was stored. The previous hash is inside, so the lines form a chain. */
function auditLine({ no, at, who, act, data, prev }: Omit<AuditTable, 'hash'>): string {
  return JSON.stringify({ no, at, who, act, data, prev })
}

const firstPrev = '0'.repeat(64)

/**
 * Appends to the audit log. Part of the same transaction as the act itself, so that neither is there without the other;
 * its last part, since other acts wait from here on until the transaction ends.
 */
export async function record(tx: Transaction, { who, act, data, at }: Act): Promise<void> {
  await writeAlone(tx, 'audit')
  const last = await tx.selectFrom('audit').select(['no', 'hash']).orderBy('no', 'desc').limit(1).executeTakeFirst()
  const row = { no: (last?.no ?? 0) + 1, at, who, act, data: JSON.stringify(data), prev: last?.hash ?? firstPrev }
  await tx
    .insertInto('audit')
    .values({ ...row, hash: hash('sha256', auditLine(row)) })
    .execute()
}

/** Writes down an act that changes nothing else in the store. */
export function recordAlone(store: Store, act: Act): Promise<void> {
  return store.transaction().execute((tx) => record(tx, act))
}

/** Number of the first line that does not fit the one before; undefined when the chain is whole. */
export function firstBreak(rows: readonly AuditTable[], prev = firstPrev): number | undefined {
  let before = prev
  for (const row of rows) {
    if (row.prev !== before || row.hash !== hash('sha256', auditLine(row))) return row.no
    before = row.hash
  }
  return undefined
}
