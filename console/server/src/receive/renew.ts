import { fromBase64, type Lineage } from '@tidewaiter/protocol'
import type { Deps } from '../deps.ts'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import type { Store } from '../store/store.ts'

export type RenewDeps = Pick<Deps, 'store' | 'keys' | 'live' | 'now'>

const dayMs = 24 * 3_600_000
/** New keys in a day for all hosts that came with one token, where the token itself was for fewer hosts. */
const leastNewKeys = 20

/** A certificate (PEM), and the host it is for. */
export interface Renewed {
  certificate: string
  host: string
}

/**
 * A new certificate for a host that is connected: for its own key, or with `lineage` for a new one, which makes a new
 * host of the same machine.
 * @throws `csr-refused`, `host-wrong`, `host-busy`, `host-revoked`
 */
export async function renew(
  deps: RenewDeps,
  host: string,
  { csr, lineage }: { csr: string; lineage?: Lineage | undefined },
): Promise<Renewed> {
  const der = fromBase64(csr)
  if (der === undefined) throw refuse('csr-refused', 'The request is not base64.')
  return lineage === undefined ? renewKey(deps, host, der) : newKey(deps, der, { ...lineage, from: host })
}

async function renewKey({ store, keys, live, now }: RenewDeps, host: string, csr: Uint8Array): Promise<Renewed> {
  const { certificate, expiresAt } = await keys.issueHostCertificate({ csr, hostId: host, nowMs: now() })
  await store.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('host')
      .set({ certificate_expires_at: expiresAt })
      .where('id', '=', host)
      .where('state', '=', 'active')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw refuse('host-revoked', 'This host was revoked.')
    const at = new Date(now()).toISOString()
    await record(tx, { who: `host ${host}`, at, act: 'host.renew', data: { host, expiresAt } })
  })
  live.changed(`host:${host}`)
  return { certificate, host }
}

async function newKey(
  { store, keys, live, now }: RenewDeps,
  csr: Uint8Array,
  { from, ...lineage }: Lineage & { from: string },
): Promise<Renewed> {
  if (lineage.host !== from) throw refuse('host-wrong', 'A host can only go on from its own chain.')
  const { hostId, publicKey } = await keys.readHostKey(csr)
  if (hostId === from) throw refuse('csr-refused', 'A new chain needs a new key.')
  const { certificate, expiresAt } = await keys.issueHostCertificate({ csr, hostId, nowMs: now() })
  const at = new Date(now()).toISOString()
  await store.transaction().execute(async (tx) => {
    const old = await tx.selectFrom('host').selectAll().where('id', '=', from).executeTakeFirstOrThrow()
    if (old.state !== 'active') throw refuse('host-revoked', `This host was ${old.state} on this console.`)
    await limitNewKeys(tx, old.token_id, now())
    const { no: _no, ...same } = old
    const fresh = { last_seen_at: null, last_state: null, clock_offset_ms: null, task_counter: 0, farewell: null }
    const own = { id: hostId, public_key: publicKey, certificate_expires_at: expiresAt, enrolled_at: at }
    await tx
      .insertInto('host')
      .values({ ...same, ...fresh, ...own, lineage: JSON.stringify(lineage) })
      // The answer got lost and the same key asks again.
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    await record(tx, { who: `host ${from}`, at, act: 'host.rekey', data: { host: hostId, lineage } })
  })
  for (const topic of ['hosts', 'overview', `host:${from}`]) live.changed(topic)
  return { certificate, host: hostId }
}

/** A host may make itself new, but not without end. Throws `host-busy`. */
async function limitNewKeys(tx: Store, token: string | null, nowMs: number): Promise<void> {
  const since = new Date(nowMs - dayMs).toISOString()
  const { made } = await tx
    .selectFrom('host')
    .select((eb) => eb.fn.countAll<number>().as('made'))
    .where('token_id', 'is not distinct from', token)
    .where('lineage', 'is not', null)
    .where('enrolled_at', '>', since)
    .executeTakeFirstOrThrow()
  const row = await tx
    .selectFrom('token')
    .select('uses')
    .where('id', '=', token ?? '')
    .executeTakeFirst()
  const most = Math.max(leastNewKeys, row?.uses ?? 0)
  if (made >= most) throw refuse('host-busy', `${made} new keys were made in a day by hosts of one token.`)
}

/**
 * Lets a host whose certificate is past its end in for one more day, in which it renews by itself.
 * @throws `not-found` when there is no such host that waits for it
 */
export async function approveRenewal(
  { store, live, now }: Pick<Deps, 'store' | 'live' | 'now'>,
  id: string,
  { who, at }: { who: string; at: string },
): Promise<void> {
  const expiresAt = new Date(now() + dayMs).toISOString()
  await store.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('host')
      .set({ certificate_expires_at: expiresAt })
      .where('id', '=', id)
      .where('state', '=', 'active')
      .where('certificate_expires_at', '<=', at)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw refuse('not-found', `There is no host ${id} with a certificate past its end.`)
    await record(tx, { who, at, act: 'host.approve-renewal', data: { host: id, until: expiresAt } })
  })
  for (const topic of ['hosts', 'overview', `host:${id}`]) live.changed(topic)
}
