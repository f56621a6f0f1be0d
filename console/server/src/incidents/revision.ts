import { refuse } from '../error.ts'
import type { Store } from '../store/store.ts'

/**
 * Lets nobody else change an incident until the transaction ends: what is read of it from now on stays so. Throws
 * `not-found`.
 */
export async function holdIncident(tx: Store, incident: string): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('incident')
    .set((eb) => ({ rev: eb.ref('rev') }))
    .where('id', '=', incident)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw refuse('not-found', `There is no incident ${incident}.`)
}

/** Raises the revision of an incident and returns it. Throws `not-found`. Part of the transaction of the change. */
export async function raiseRevision(tx: Store, incident: string): Promise<number> {
  const row = await tx
    .updateTable('incident')
    .set((eb) => ({ rev: eb('rev', '+', 1) }))
    .where('id', '=', incident)
    .returning('rev')
    .executeTakeFirst()
  if (row === undefined) throw refuse('not-found', `There is no incident ${incident}.`)
  return row.rev
}
