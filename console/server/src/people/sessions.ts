import { hash, randomBytes } from 'node:crypto'
import type { Me } from '@tidewaiter/protocol/api'
import { isRefusal } from '../error.ts'
import type { Store } from '../store/store.ts'

const idleMs = 8 * 3_600_000
const longestMs = 7 * 24 * 3_600_000
/** `seen_at` is written at most this often: reading a page must not cost a synced write each time. */
const seenEveryMs = 60_000

/** Starts a session; returns the secret for the cookie. Only its hash is stored. */
export async function startSession(store: Store, person: string, nowMs: number): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  const at = new Date(nowMs).toISOString()
  await store
    .insertInto('session')
    .values({
      id: hash('sha256', secret),
      person,
      csrf: randomBytes(32).toString('base64url'),
      created_at: at,
      seen_at: at,
      expires_at: new Date(nowMs + longestMs).toISOString(),
      revoked_at: null,
    })
    .execute()
  return secret
}

/** Who holds this secret, if the session is neither revoked nor past its time and the person not disabled. */
export async function findSession(store: Store, secret: string, nowMs: number): Promise<Me | undefined> {
  const row = await store
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person')
    .select(['person.id', 'email', 'name', 'role', 'csrf', 'seen_at', 'session.id as session'])
    .where('session.id', '=', hash('sha256', secret))
    .where('revoked_at', 'is', null)
    .where('disabled_at', 'is', null)
    .where('expires_at', '>', new Date(nowMs).toISOString())
    .executeTakeFirst()
  if (row === undefined || Date.parse(row.seen_at) + idleMs < nowMs) return undefined
  if (Date.parse(row.seen_at) + seenEveryMs < nowMs)
    await store
      .updateTable('session')
      .set({ seen_at: new Date(nowMs).toISOString() })
      .where('id', '=', row.session)
      .execute()
      .catch(unlessFull)
  const { id, email, name, role, csrf } = row
  return { id, email, name, role: role as Me['role'], csrf }
}

/** Whoever is signed in can look on a full disk too; the time is written when there is room. */
function unlessFull(cause: unknown): void {
  if (!isRefusal(cause) || cause.code !== 'disk-full') throw cause
}

export async function endSession(store: Store, secret: string, nowMs: number): Promise<void> {
  await store
    .updateTable('session')
    .set({ revoked_at: new Date(nowMs).toISOString() })
    .where('id', '=', hash('sha256', secret))
    .execute()
}
