import type { Updateable } from 'kysely'
import type { Artifacts } from '../ledger/artifacts.ts'
import type { CollectionTaskTable } from '../store/collection-tables.ts'
import type { Store } from '../store/store.ts'
import type { Said } from './answers.ts'

interface Settling {
  store: Store
  artifacts: Pick<Artifacts, 'has'>
  at: string
}

/** Works in what a host has sealed about a task of its own; of others it can say nothing. */
export async function settle(
  { store, artifacts, at }: Settling,
  host: string,
  { record, said }: { record: string; said: Said },
): Promise<void> {
  const update = (id: string, values: Updateable<CollectionTaskTable>) =>
    store.updateTable('collection_task').set(values).where('id', '=', id).where('host', '=', host)
  switch (said.kind) {
    case 'task-received':
      await update(said.task.id, { state: 'received' }).where('state', 'in', ['queued', 'sent']).execute()
      break
    case 'task-refused':
      await update(said.id, { state: 'refused', code: said.code, says: said.says, record, ended_at: at })
        .where('record', 'is', null)
        .execute()
      break
    case 'task-answered': {
      const { id, failed = null, artifacts: count = 0, bytes = 0, leftOut = 0 } = said
      const numbers = { artifacts: count, bytes, left_out: leftOut }
      await update(id, {
        ...numbers,
        state: failed === null ? 'answered' : 'failed',
        says: failed,
        record,
        ended_at: at,
      })
        .where('record', 'is', null)
        .where('state', '!=', 'cancelled')
        .execute()
      break
    }
    case 'artifact': {
      const asked = await store
        .selectFrom('collection_task')
        .select('host')
        .where('id', '=', said.task)
        .executeTakeFirst()
      if (asked?.host !== host) return
      const { task, sha256, size, path, changedDuringRead } = said
      const isHeld = artifacts.has(sha256)
      const changed = changedDuringRead === undefined ? null : Number(changedDuringRead)
      const state = isHeld ? 'held' : 'announced'
      await store
        .insertInto('artifact')
        .values({ record, host, task, sha256, size, path, changed, state, why: null, held_at: isHeld ? at : null })
        .onConflict((on) => on.column('record').doNothing())
        .execute()
      break
    }
    case 'artifact-lost':
      await store
        .updateTable('artifact')
        .set({ state: 'lost', why: `${said.code}: ${said.says}` })
        .where('sha256', '=', said.sha256)
        .where('task', '=', said.task)
        .where('host', '=', host)
        .where('state', '=', 'announced')
        .execute()
  }
}
