import { randomUUID } from 'node:crypto'
import type { Ask, Task } from '@tidewaiter/protocol'
import type { NewCollection } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import type { Store, Transaction } from '../store/store.ts'

/** States of a task that has not ended. */
export const openStates = ['queued', 'sent', 'received'] as const

const hourMs = 3_600_000
/** As many as are sent at a time: an agent lets 64 wait. */
const mostSent = 32

export interface By {
  who: string
  at: string
}

interface Stored {
  id: string
  host: string
  ask: string
  expires_at: string
  counter: number | null
}

/** Writes down a collection with a task for each host. Throws `not-found`. */
export async function insertCollection(
  store: Store,
  { ask, hosts, expiresIn = 24 * 7 }: NewCollection,
  { by, tipOf }: { by: By; tipOf(host: string): number },
): Promise<string> {
  const id = randomUUID()
  const expires_at = new Date(Date.parse(by.at) + expiresIn * hourMs).toISOString()
  const text = JSON.stringify(ask)
  await store.transaction().execute(async (tx) => {
    await mustBeThere(tx, hosts)
    await tx
      .insertInto('collection')
      .values({ id, ask: text, created_at: by.at, created_by: by.who, expires_at, cancelled_at: null })
      .execute()
    const asked = { collection: id, ask: text, expires_at, ...nothingYet }
    for (const host of hosts)
      await tx
        .insertInto('collection_task')
        .values({ ...asked, id: randomUUID(), host, after_seq: tipOf(host) })
        .execute()
    await record(tx, { ...by, act: 'collection.create', data: { collection: id, ask, hosts } })
  })
  return id
}

async function mustBeThere(tx: Transaction, hosts: readonly string[]): Promise<void> {
  const known = await tx
    .selectFrom('host')
    .select('id')
    .where('id', 'in', [...hosts])
    .where('kind', '=', 'agent')
    .where('state', '=', 'active')
    .execute()
  const missing = hosts.find((host) => !known.some(({ id }) => id === host))
  if (missing !== undefined) throw refuse('not-found', `There is no host ${missing} that can be asked.`)
}

const nothingYet = {
  counter: null,
  state: 'queued',
  sent_at: null,
  ended_at: null,
  code: null,
  says: null,
  record: null,
} as const

/** Ends the tasks that have not ended. Returns those a host may have. */
export function cancelCollection(store: Store, id: string, by: By): Promise<{ id: string; host: string }[]> {
  return store.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('collection_task')
      .select(['id', 'host', 'state'])
      .where('collection', '=', id)
      .where('state', 'in', [...openStates])
      .execute()
    await tx.updateTable('collection').set({ cancelled_at: by.at }).where('id', '=', id).execute()
    await tx
      .updateTable('collection_task')
      .set({ state: 'cancelled', ended_at: by.at })
      .where('collection', '=', id)
      .where('state', 'in', [...openStates])
      .execute()
    await record(tx, { ...by, act: 'collection.cancel', data: { collection: id } })
    return rows.filter(({ state }) => state !== 'queued')
  })
}

/**
 * Tasks a host is to be sent now, each with its counter, which is durable before it goes out. `seen` is the highest one
 * the host has seen: what was sent and is above it did not arrive, and a console that was restored goes on from there.
 */
export async function takeTasks(
  store: Store,
  host: string,
  { seen, at }: { seen?: number; at: string },
): Promise<Task[]> {
  return store.transaction().execute(async (tx) => {
    if (seen !== undefined)
      await tx
        .updateTable('host')
        .set({ task_counter: seen })
        .where('id', '=', host)
        .where('task_counter', '<', seen)
        .execute()
    const sent = seen === undefined ? [] : await tasksOf(tx, host, { state: 'sent', at, above: seen })
    const queued = await tasksOf(tx, host, { state: 'queued', at })
    const { task_counter } = await tx
      .selectFrom('host')
      .select('task_counter')
      .where('id', '=', host)
      .executeTakeFirstOrThrow()
    let counter = task_counter
    const numbered = queued.map((row) => ({ ...row, counter: ++counter }))
    for (const row of numbered)
      await tx
        .updateTable('collection_task')
        .set({ state: 'sent', counter: row.counter, sent_at: at })
        .where('id', '=', row.id)
        .execute()
    await tx.updateTable('host').set({ task_counter: counter }).where('id', '=', host).execute()
    return [...sent, ...numbered].map(toTask)
  })
}

function tasksOf(
  tx: Transaction,
  host: string,
  { state, at, above }: { state: 'queued' | 'sent'; at: string; above?: number },
): Promise<Stored[]> {
  const rows = tx
    .selectFrom('collection_task')
    .select(['id', 'host', 'ask', 'expires_at', 'counter'])
    .where('host', '=', host)
    .where('state', '=', state)
    .where('expires_at', '>', at)
    .orderBy('no')
    .limit(mostSent)
  return (above === undefined ? rows : rows.where('counter', '>', above)).execute()
}

function toTask({ id, host, ask, expires_at, counter }: Stored): Task {
  // Written by `insertCollection`, from what the route has checked.
  return { id, host, counter: counter ?? 0, expiresAt: expires_at, ask: JSON.parse(ask) as Ask }
}

/** So long after its expiry a task that was sent in time may still be at work. */
const atWorkMs = 12 * hourMs

/** Marks what is past its expiry. An answer that comes all the same is taken. */
export async function expireTasks(store: Store, nowMs: number): Promise<void> {
  const at = new Date(nowMs).toISOString()
  const end = (states: readonly (typeof openStates)[number][], before: string, says: string) =>
    store
      .updateTable('collection_task')
      .set({ state: 'expired', ended_at: at, says })
      .where('state', 'in', [...states])
      .where('expires_at', '<=', before)
      .execute()
  await end(['queued'], at, 'The host did not come back in time.')
  await end(['sent', 'received'], new Date(nowMs - atWorkMs).toISOString(), 'It was sent, and no answer came.')
}
