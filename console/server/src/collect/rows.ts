import type { Ask } from '@tidewaiter/protocol'
import type { ArtifactRow, Collection, CollectionDetail, CollectionTask } from '@tidewaiter/protocol/api'
import type { Selectable } from 'kysely'
import { refuse } from '../error.ts'
import type { ArtifactTable, CollectionTable, CollectionTaskTable } from '../store/collection-tables.ts'
import type { Store } from '../store/store.ts'

/** Artifacts of one collection that are listed at most: the others are counted. */
const mostListed = 5_000
const mostCollections = 200

/** All collections, the newest first. */
export async function listCollections(store: Store): Promise<Collection[]> {
  const rows = await store
    .selectFrom('collection')
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(mostCollections)
    .execute()
  return Promise.all(rows.map((row) => toCollection(store, row)))
}

/** Throws `not-found`. */
export async function collectionDetail(store: Store, id: string): Promise<CollectionDetail> {
  const row = await store.selectFrom('collection').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw refuse('not-found', `There is no collection ${id}.`)
  const tasks = await store
    .selectFrom('collection_task')
    .selectAll()
    .where('collection', '=', id)
    .orderBy('no')
    .execute()
  const artifacts = await store
    .selectFrom('artifact')
    .innerJoin('collection_task', 'collection_task.id', 'artifact.task')
    .selectAll('artifact')
    .where('collection_task.collection', '=', id)
    .orderBy('artifact.record')
    .limit(mostListed)
    .execute()
  return { ...(await toCollection(store, row)), tasks: tasks.map(toTask), artifacts: artifacts.map(toArtifact) }
}

async function toCollection(store: Store, row: CollectionTable): Promise<Collection> {
  const states = await store
    .selectFrom('collection_task')
    .select(['state', (each) => each.fn.countAll<number>().as('count')])
    .where('collection', '=', row.id)
    .groupBy('state')
    .execute()
  const missing = await store
    .selectFrom('artifact')
    .innerJoin('collection_task', 'collection_task.id', 'artifact.task')
    .select((each) => each.fn.countAll<number>().as('count'))
    .where('collection_task.collection', '=', row.id)
    .where('artifact.state', '!=', 'held')
    .executeTakeFirstOrThrow()
  return {
    id: row.id,
    // Written by `create`, from what the route has checked.
    ask: JSON.parse(row.ask) as Ask,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    cancelledAt: row.cancelled_at,
    states: Object.fromEntries(states.map(({ state, count }) => [state, Number(count)])),
    missing: Number(missing.count),
  }
}

function toTask(row: Selectable<CollectionTaskTable>): CollectionTask {
  const { id, host, state, code, says, record, artifacts, bytes } = row
  const times = { sentAt: row.sent_at, endedAt: row.ended_at }
  return { id, host, state, code, says, ...times, record, artifacts, bytes, leftOut: row.left_out }
}

function toArtifact({ changed, held_at, ...row }: Selectable<ArtifactTable>): ArtifactRow {
  return { ...row, changedDuringRead: changed === null ? null : changed === 1, heldAt: held_at }
}
