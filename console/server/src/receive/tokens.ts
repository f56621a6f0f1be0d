import { hash, randomBytes } from 'node:crypto'
import { formatToken } from '@tidewaiter/protocol'
import type { CreatedToken, NewToken, TokenRow } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import { settingOf } from '../store/settings.ts'
import type { Store } from '../store/store.ts'

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Makes an enrolment token. Only a hash of its secret is stored: it is shown now or never. */
export async function createToken(
  store: Store,
  { label = '', uses = 1, expires = '24h' }: NewToken,
  { who, nowMs, caFingerprint }: { who: string; nowMs: number; caFingerprint: string },
): Promise<CreatedToken> {
  const agentUrls = await agentUrlsOf(store)
  if (agentUrls.length === 0)
    throw refuse(
      'input-malformed',
      'No agent address is known yet. Start the console once with "tidewaiter serve", then create the token.',
    )
  const id = randomBytes(8).toString('hex')
  const secret = randomBytes(16).toString('hex')
  const at = new Date(nowMs).toISOString()
  const expiresAt = new Date(nowMs + durationMs(expires)).toISOString()
  await store.transaction().execute(async (tx) => {
    await tx
      .insertInto('token')
      .values({
        id,
        secret_hash: hash('sha256', secret),
        label,
        uses,
        created_at: at,
        created_by: who,
        expires_at: expiresAt,
        revoked_at: null,
      })
      .execute()
    await record(tx, { who, at, act: 'token.create', data: { id, label, uses, expiresAt } })
  })
  return {
    id,
    token: formatToken({ a: agentUrls, c: caFingerprint, i: id, s: secret }),
    expiresAt,
    uses,
    agentUrls,
    caFingerprint,
  }
}

/** Where agents reach the console; none before it was started for the first time. */
export async function agentUrlsOf(store: Store): Promise<string[]> {
  const urls = await settingOf(store, 'agentUrls')
  // Written by `serve` from its own list.
  return urls === undefined ? [] : (JSON.parse(urls) as string[])
}

/** `30m`, `24h`, `7d`. */
function durationMs(text: string): number {
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(text) ?? []
  if (count === undefined)
    throw refuse('input-malformed', `"${text}" is not a duration. Use minutes, hours or days: 30m, 24h, 7d.`)
  return Number(count) * unitMs[unit as keyof typeof unitMs]
}

export async function listTokens(store: Store): Promise<TokenRow[]> {
  const rows = await store.selectFrom('token').selectAll().orderBy('created_at', 'desc').execute()
  return rows.map((row) => ({
    id: row.id,
    label: row.label,
    uses: row.uses,
    used: row.used,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  }))
}

/** Throws `not-found`. */
export async function revokeToken(
  store: Store,
  id: string,
  { who, nowMs }: { who: string; nowMs: number },
): Promise<void> {
  const at = new Date(nowMs).toISOString()
  await store.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('token')
      .set({ revoked_at: at })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw refuse('not-found', `There is no token ${id} that could be revoked.`)
    await record(tx, { who, at, act: 'token.revoke', data: { id } })
  })
}
