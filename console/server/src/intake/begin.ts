import { hostIdOf, kinKeyOf, openOpening, type Position, parseHeader, toBase64 } from '@tidewaiter/protocol'
import type { BegunImport } from '@tidewaiter/protocol/api'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Deps } from '../deps.ts'
import { record } from '../people/audit.ts'
import { label } from '../receive/label.ts'
import type { Store } from '../store/store.ts'
import type { HostTable } from '../store/tables.ts'

type BeginDeps = Pick<Deps, 'store' | 'ledger' | 'keys' | 'live'>
interface By {
  who: string
  at: string
}

/**
 * Makes a host of a collection, under the key that its opening is signed with.
 * @throws `collection-malformed`, `signature-wrong`
 */
export async function beginCollection(deps: BeginDeps, signed: Uint8Array, by: By): Promise<BegunImport> {
  const { opening, publicKey } = openOpening(nodePrimitives, signed)
  const { host, name, os, platform, agent, startedAt, profile } = opening
  const { lineage, says } = await kinshipOf(deps, opening)
  const values = { name: label(name), os: label(os), platform: label(platform), agent: label(agent) }
  const data = { host, name: values.name, profile, startedAt, lineage }
  const row = { ...values, id: host, kind: 'collection' as const, public_key: Buffer.from(publicKey), lineage }
  await putHost(deps, { ...row, last_seen_at: startedAt }, { ...by, act: 'import.collection', data })
  return { ...begun(deps, host), name: values.name, places: [], says }
}

/** Makes a host of files that were brought: its key follows from that of the intake and the name. */
export async function beginFiles(deps: BeginDeps, name: string, by: By): Promise<BegunImport> {
  const publicKey = deps.keys.importKey(name)
  const host = hostIdOf(nodePrimitives.sha256(publicKey))
  const values = { id: host, name: label(name), kind: 'import' as const, os: '', platform: '', agent: 'console 0.1.0' }
  const row = { ...values, public_key: Buffer.from(publicKey), lineage: null, last_seen_at: by.at }
  await putHost(deps, row, { ...by, act: 'import.files', data: { host, name: values.name } })
  const places = await placesOf(deps, host)
  return { ...begun(deps, host), name: values.name, places, says: ['Hashed on receipt; origin not proven.'] }
}

function begun({ ledger }: BeginDeps, host: string): Pick<BegunImport, 'host' | 'tip'> {
  return { host, tip: ledger.tipOf(host) }
}

/** Where each source of a host ended, as its headers say. */
async function placesOf({ ledger }: BeginDeps, host: string): Promise<BegunImport['places']> {
  const places = new Map<string, Position>()
  const to = ledger.tipOf(host)?.seq ?? 0
  for await (const { headerBytes, branch } of ledger.entriesOf(host, { from: 1, to }))
    if (branch === null) for (const { id, next } of parseHeader(headerBytes).sources) places.set(id, next)
  return Array.from(places, ([id, next]) => ({ id, next }))
}

type NewHost = Pick<
  HostTable,
  'id' | 'name' | 'kind' | 'os' | 'platform' | 'agent' | 'public_key' | 'lineage' | 'last_seen_at'
>

async function putHost(
  { store, live }: BeginDeps,
  row: NewHost,
  { who, at, act, data }: By & { act: string; data: Record<string, unknown> },
): Promise<void> {
  await store.transaction().execute(async (tx) => {
    await tx
      .insertInto('host')
      .values({ ...row, state: 'active', enrolled_at: at })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    await record(tx, { who, at, act, data })
  })
  for (const topic of ['hosts', 'overview'] as const) live.changed(topic)
}

/** Which known host the collection goes on from: only the key of that host proves it. */
async function kinshipOf(
  { store, ledger }: BeginDeps,
  opening: Parameters<typeof kinKeyOf>[1],
): Promise<{ lineage: string | null; says: string[] }> {
  const { kin } = opening
  const proven = kinKeyOf(nodePrimitives, opening)
  if (kin !== undefined && proven === undefined)
    return { lineage: null, says: [`It names host ${kin.host} as its machine, and the signature for that is wrong.`] }
  if (proven === undefined) return { lineage: null, says: await namesakes(store, opening.name) }
  const known = await store
    .selectFrom('host')
    .select(['name', 'state', 'public_key'])
    .where('id', '=', proven.kin.host)
    .executeTakeFirst()
  if (known === undefined || toBase64(known.public_key) !== proven.kin.publicKey)
    return { lineage: null, says: [`Host ${proven.kin.host} signed that this is its machine; it is not known here.`] }
  if (known.state !== 'active')
    return {
      lineage: null,
      says: [
        `Host ${proven.kin.host} (${known.name}) signed for it and is ${known.state}: its key vouches for nothing any more.`,
      ],
    }
  const tip = ledger.tipOf(proven.kin.host)
  const says = `Made on the machine of host ${proven.kin.host} (${known.name}): its agent signed for it.`
  if (tip === null) return { lineage: null, says: [says] }
  return { lineage: JSON.stringify({ host: proven.kin.host, seq: tip.seq, header: tip.headerHash }), says: [says] }
}

async function namesakes(store: Store, name: string): Promise<string[]> {
  const rows = await store
    .selectFrom('host')
    .select('id')
    .where('name', '=', label(name))
    .where('kind', '=', 'agent')
    .limit(5)
    .execute()
  const unproven = 'Which machine it was made on is not proven.'
  if (rows.length === 0) return [unproven]
  return [`${unproven} Host ${rows.map(({ id }) => id).join(', ')} has the same name, which proves nothing.`]
}
