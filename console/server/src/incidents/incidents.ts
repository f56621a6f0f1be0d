import type { Clock, Fact, IncidentItem, IncidentRow, NewItem } from '@tidewaiter/protocol/api'
import { sql } from 'kysely'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import { settingOf } from '../store/settings.ts'
import type { Store } from '../store/store.ts'
import type { IncidentTable } from '../store/tables.ts'
import type { Vault } from '../store/vault.ts'
import { writeAlone } from '../store/write-alone.ts'
import { clocksOf, type Instants } from './clocks.ts'
import { factsOf } from './facts.ts'
import { holdIncident, raiseRevision } from './revision.ts'

interface By {
  who: string
  at: string
}

/** Opens an incident and returns its id: `INC-1`, `INC-2` ... */
export async function createIncident(store: Store, name: string, { who, at }: By): Promise<string> {
  return store.transaction().execute(async (tx) => {
    // Two at once are opened one after the other: the number is the next one until this is written.
    await writeAlone(tx, 'incident')
    const { last } = await tx
      .selectFrom('incident')
      .select(sql<number | null>`max(cast(substr(id, 5) as integer))`.as('last'))
      .executeTakeFirstOrThrow()
    const id = `INC-${(last ?? 0) + 1}`
    await tx
      .insertInto('incident')
      .values({ id, name: name.trim(), opened_at: at, opened_by: who, closed_at: null, rev: 1 })
      .execute()
    await record(tx, { who, at, act: 'incident.create', data: { id, name } })
    return id
  })
}

export interface Incident {
  row: IncidentRow
  facts: Fact[]
  clocks: Clock[]
}

/**
 * @param zone of the office, whose days some clocks count; as it is set now where left out
 * @throws `not-found`
 */
export async function readIncident(
  store: Store,
  id: string,
  { vault, nowMs, asOfRev, zone }: { vault: Vault; nowMs: number; asOfRev?: number; zone?: string },
): Promise<Incident> {
  const row = await store.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw refuse('not-found', `There is no incident ${id}. "tidewaiter incident list" names them.`)
  const facts = await factsOf(store, id, vault, asOfRev)
  const clocks = clocksOf(instantsOf(facts), { nowMs, zone: zone ?? (await settingOf(store, 'zone')) ?? 'UTC' })
  return { row: toRow(row, facts, clocks), facts, clocks }
}

export async function listIncidents(store: Store, at: { vault: Vault; nowMs: number }): Promise<IncidentRow[]> {
  const rows = await store.selectFrom('incident').select('id').orderBy('opened_at', 'desc').execute()
  return Promise.all(rows.map(async ({ id }) => (await readIncident(store, id, at)).row))
}

function instantsOf(facts: readonly Fact[]): Instants {
  const instant = (name: string) => {
    const fact = facts.find(({ field }) => field === name)
    return fact?.state === 'answered' ? Date.parse(fact.value) : undefined
  }
  const discoveredMs = instant('recordsBreach.discoveredAt')
  const noticeSentMs = instant('notice.initial.sentAt')
  const listSentMs = instant('notice.importerList.sentAt')
  return {
    ...(discoveredMs !== undefined && { discoveredMs }),
    ...(noticeSentMs !== undefined && { noticeSentMs }),
    ...(listSentMs !== undefined && { listSentMs }),
  }
}

function toRow(row: IncidentTable, facts: readonly Fact[], clocks: readonly Clock[]): IncidentRow {
  const running = clocks.find(({ dueAt, stoppedAt }) => dueAt !== null && stoppedAt === null)
  return {
    id: row.id,
    name: row.name,
    openedAt: row.opened_at,
    openedBy: row.opened_by,
    closedAt: row.closed_at,
    rev: row.rev,
    // "Not known yet" counts: honesty is not punished.
    factsAnswered: facts.filter(({ state }) => state !== 'unanswered').length,
    factsTotal: facts.length,
    clock: running ?? clocks[0] ?? null,
  }
}

/** What is in the incident as of a revision. */
export async function itemsOf(
  store: Store,
  incident: string,
  asOfRev = Number.MAX_SAFE_INTEGER,
): Promise<IncidentItem[]> {
  const rows = await store
    .selectFrom('incident_item')
    .selectAll()
    .where('incident', '=', incident)
    .where('added_rev', '<=', asOfRev)
    .where((eb) => eb.or([eb('removed_rev', 'is', null), eb('removed_rev', '>', asOfRev)]))
    .orderBy('added_rev')
    .execute()
  return rows.map(({ id, kind, ref, note, added_at, added_by }) => ({
    id,
    kind,
    ref,
    note,
    addedAt: added_at,
    addedBy: added_by,
  }))
}

/** Puts a finding, sighting or record into an incident; doing it twice changes nothing. */
export async function addItem(
  store: Store,
  incident: string,
  { kind, ref, note = '' }: NewItem,
  { who, at }: By,
): Promise<IncidentItem> {
  return store.transaction().execute(async (tx) => {
    // Two clicks are two requests: the second waits here, and then sees what the first one did.
    await holdIncident(tx, incident)
    const there = (await itemsOf(tx, incident)).find((item) => item.kind === kind && item.ref === ref)
    if (there !== undefined) return there
    const rev = await raiseRevision(tx, incident)
    const id = `${incident}-${rev}`
    const row = {
      id,
      incident,
      kind,
      ref,
      note,
      added_at: at,
      added_by: who,
      removed_at: null,
      removed_by: null,
      added_rev: rev,
      removed_rev: null,
    }
    await tx.insertInto('incident_item').values(row).execute()
    await record(tx, { who, at, act: 'incident.add', data: { incident, kind, ref } })
    return { id, kind, ref, note, addedAt: at, addedBy: who }
  })
}

/** Takes an item out again; it stays in the history. */
export async function removeItem(store: Store, incident: string, id: string, { who, at }: By): Promise<void> {
  await store.transaction().execute(async (tx) => {
    const rev = await raiseRevision(tx, incident)
    const { numUpdatedRows } = await tx
      .updateTable('incident_item')
      .set({ removed_at: at, removed_by: who, removed_rev: rev })
      .where('id', '=', id)
      .where('incident', '=', incident)
      .where('removed_rev', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw refuse('not-found', `There is no item ${id} in ${incident}.`)
    await record(tx, { who, at, act: 'incident.remove', data: { incident, id } })
  })
}
