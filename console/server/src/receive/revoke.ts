import type { Deps } from '../deps.ts'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import type { Store } from '../store/store.ts'

/**
 * A host is let in no more, and is cut off at once if it is connected. What it sent stays. Revoking it again changes
 * nothing. Throws `not-found`.
 */
export async function revokeHost(
  { store, receive, live }: Pick<Deps, 'store' | 'receive' | 'live'>,
  id: string,
  { who, at }: { who: string; at: string },
): Promise<void> {
  await endHost(store, { id, state: 'revoked', act: 'host.revoke', who, at })
  receive?.disconnect(id, 'host-revoked')
  for (const topic of ['hosts', 'overview', `host:${id}`]) live.changed(topic)
}

/** The agent said that it was uninstalled: its key is destroyed, and nothing more can come from it. */
export async function retireHost({ store, now }: Pick<Deps, 'store' | 'now'>, id: string): Promise<void> {
  const at = new Date(now()).toISOString()
  await endHost(store, { id, state: 'retired', act: 'host.retire', who: `host ${id}`, at })
}

interface End {
  id: string
  state: 'revoked' | 'retired'
  act: string
  who: string
  at: string
}

async function endHost(store: Store, { id, state, act, who, at }: End): Promise<void> {
  await store.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('host').select(['state', 'name']).where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw refuse('not-found', `There is no host ${id}.`)
    // What an admin revoked is not made to look retired.
    if (row.state === state || row.state === 'revoked') return
    await tx.updateTable('host').set({ state }).where('id', '=', id).execute()
    await record(tx, { who, at, act, data: { host: id, name: row.name } })
  })
}
