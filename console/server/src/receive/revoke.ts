import type { Deps } from '../deps.ts'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'

/**
 * A host is let in no more, and is cut off at once if it is connected. What it sent stays. Revoking it again changes
 * nothing. Throws `not-found`.
 */
export async function revokeHost(
  { store, receive, live }: Pick<Deps, 'store' | 'receive' | 'live'>,
  id: string,
  { who, at }: { who: string; at: string },
): Promise<void> {
  await store.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('host').select(['state', 'name']).where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw refuse('not-found', `There is no host ${id}.`)
    if (row.state === 'revoked') return
    await tx.updateTable('host').set({ state: 'revoked' }).where('id', '=', id).execute()
    await record(tx, { who, at, act: 'host.revoke', data: { host: id, name: row.name } })
  })
  receive?.disconnect(id, 'host-revoked')
  for (const topic of ['hosts', 'overview', `host:${id}`]) live.changed(topic)
}
