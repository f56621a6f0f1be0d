import { hash, timingSafeEqual } from 'node:crypto'
import { type EnrolReply, EnrolRequest, fromBase64 } from '@tidewaiter/protocol'
import type { Selectable } from 'kysely'
import Value from 'typebox/value'
import type { Deps } from '../deps.ts'
import { isRefusal, refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import type { Store } from '../store/store.ts'
import type { TokenTable } from '../store/tables.ts'
import type { Attempts } from './attempts.ts'
import { label } from './label.ts'

export type EnrolDeps = Pick<Deps, 'store' | 'keys' | 'live' | 'now'> & { attempts: Attempts }

/** A request whose token and key were both taken. */
interface Accepted {
  request: EnrolRequest
  address: string
  hostId: string
  publicKey: Uint8Array
  expiresAt: string
}

/**
 * Takes a new host in: token, then key, then host, use and audit line in one transaction. Whatever it comes to is an
 * attempt that whoever handed out the token can see.
 * @param body JSON as it came
 * @throws `input-malformed`, `token-refused`, `csr-refused`, `host-revoked`
 */
export async function enrol(deps: EnrolDeps, body: unknown, address: string): Promise<EnrolReply> {
  const seen = { token_id: null as string | null, name: null as string | null, address, host: null }
  let step: 'reached' | 'token' | 'key' = 'reached'
  try {
    if (!Value.Check(EnrolRequest, body)) throw refuse('input-malformed', 'This is not an enrolment request.')
    Object.assign(seen, { token_id: body.token, name: label(body.name) })
    step = 'token'
    await checkToken(deps, body)
    step = 'key'
    const accepted = await checkKey(deps, body)
    return await admit(deps, { ...accepted, request: body, address })
  } catch (cause) {
    const { code, says } = isRefusal(cause) ? cause : refuse('internal-error', 'The console made a mistake.')
    // A token that is used up by another host in between is still refused at the token.
    deps.attempts.failed({ ...seen, step: code === 'token-refused' ? 'token' : step, code, says })
    throw isRefusal(cause) && code === 'token-refused' ? told(cause) : cause
  }
}

/** Why a token is no longer good is for those alone who know its secret. */
class KnownToken extends Error {}

function told(cause: ReturnType<typeof refuse>) {
  if (cause.cause instanceof KnownToken) return cause
  return refuse('token-refused', 'The token is unknown, expired, revoked or used up. Ask for a new one.')
}

async function checkToken({ store, now }: EnrolDeps, { token, secret }: EnrolRequest): Promise<void> {
  const row = await store.selectFrom('token').selectAll().where('id', '=', token).executeTakeFirst()
  const isKnown = timingSafeEqual(Buffer.from(hash('sha256', secret)), Buffer.from(row?.secret_hash ?? '0'.repeat(64)))
  if (row === undefined) throw refuse('token-refused', 'No token has this id on this console.')
  if (!isKnown) throw refuse('token-refused', 'The secret is not the one of this token: it was cut off or changed.')
  const why = whyOver(row, new Date(now()).toISOString())
  if (why !== undefined) throw refuse('token-refused', why, { cause: new KnownToken() })
}

function whyOver({ expires_at, revoked_at }: Selectable<TokenTable>, at: string): string | undefined {
  if (revoked_at !== null) return `The token was revoked at ${revoked_at}. Ask for a new one.`
  return expires_at <= at ? `The token ended at ${expires_at}. Ask for a new one.` : undefined
}

async function checkKey({ keys, now }: EnrolDeps, { csr }: EnrolRequest) {
  const der = fromBase64(csr)
  if (der === undefined) throw refuse('csr-refused', 'The request is not base64.')
  const { hostId, publicKey } = await keys.readHostKey(der)
  const { certificate, expiresAt } = await keys.issueHostCertificate({ csr: der, hostId, nowMs: now() })
  return { hostId, publicKey, certificate, expiresAt }
}

async function admit(
  { store, live, attempts, now }: EnrolDeps,
  accepted: Accepted & { certificate: string },
): Promise<EnrolReply> {
  const { request, hostId: host, address, certificate } = accepted
  const at = new Date(now()).toISOString()
  await store.transaction().execute(async (tx) => {
    const isRepeated = await putHost(tx, accepted, at)
    // An answer that got lost is asked for again by the same key: that is one use.
    if (!isRepeated) await countUse(tx, request.token, at)
    const name = label(request.name)
    const data = { host, name, token: request.token, address, lineage: request.lineage ?? null }
    await record(tx, { who: `token ${request.token}`, at, act: 'host.enrol', data })
    const done = { token_id: request.token, name, address, host, step: 'key' as const, code: null, says: null }
    await attempts.succeeded(tx, done)
  })
  for (const topic of ['hosts', 'overview', 'enrol']) live.changed(topic)
  return { host, certificate }
}

/** True when this key was enrolled with this token before. */
async function putHost(tx: Store, { request, hostId, publicKey, expiresAt }: Accepted, at: string): Promise<boolean> {
  const known = await tx.selectFrom('host').select(['state', 'token_id']).where('id', '=', hostId).executeTakeFirst()
  const { name, os, platform, agent, token, lineage } = request
  const said = { name: label(name), os: label(os), platform: label(platform), agent: label(agent) }
  if (known === undefined) {
    const values = {
      ...said,
      id: hostId,
      kind: 'agent' as const,
      public_key: publicKey,
      state: 'active' as const,
      token_id: token,
      lineage: lineage === undefined ? null : JSON.stringify(lineage),
      certificate_expires_at: expiresAt,
      enrolled_at: at,
      last_seen_at: null,
      farewell: null,
      clock_offset_ms: null,
      last_state: null,
    }
    await tx.insertInto('host').values(values).execute()
    return false
  }
  if (known.state !== 'active')
    throw refuse('host-revoked', `The key of host ${hostId} was ${known.state}. Enrol with a new key.`)
  const change = { ...said, certificate_expires_at: expiresAt, token_id: token }
  await tx.updateTable('host').set(change).where('id', '=', hostId).execute()
  return known.token_id === token
}

/** Counts in the database itself, so that two hosts cannot share the last use. Throws `token-refused`. */
async function countUse(tx: Store, token: string, at: string): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('token')
    .set((eb) => ({ used: eb('used', '+', 1) }))
    .where('id', '=', token)
    .where('used', '<', (eb) => eb.ref('uses'))
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst()
  if (numUpdatedRows === 0n)
    throw refuse('token-refused', 'The token is used up: as many hosts as it may have been enrolled with it.', {
      cause: new KnownToken(),
    })
}
