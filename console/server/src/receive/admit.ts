import { hash } from 'node:crypto'
import { hostIdOf } from '@tidewaiter/protocol'
import { refuse } from '../error.ts'
import type { Store } from '../store/store.ts'

/** A host whose key stands behind a connection. */
export interface Admitted {
  host: string
  /** SPKI, DER. One object for the life of the connection: the key object made from it is kept with it. */
  publicKey: Uint8Array
  address: string
  /** Its certificate is past its end: it may ask for a new one, and nothing else. */
  mayOnlyRenew: boolean
}

/** Id of the host that a key makes. */
export function hostOf(publicKey: Uint8Array): string {
  return hostIdOf(hash('sha256', publicKey, 'buffer'))
}

/**
 * The host of a key: TLS has proven that the peer has it, everything else is what the host table says now.
 * @throws `host-unknown`, `host-revoked`
 */
export async function admitKey(
  store: Store,
  { publicKey, address, nowMs }: { publicKey: Uint8Array | undefined; address: string; nowMs: number },
): Promise<Admitted> {
  if (publicKey === undefined) throw refuse('host-unknown', 'The connection shows no host certificate.')
  const host = hostOf(publicKey)
  const row = await store
    .selectFrom('host')
    .select(['public_key', 'state', 'certificate_expires_at'])
    .where('id', '=', host)
    .where('kind', '=', 'agent')
    .executeTakeFirst()
  if (row === undefined || !Buffer.from(row.public_key).equals(publicKey))
    throw refuse('host-unknown', 'No host with this key is enrolled here.')
  if (row.state !== 'active') throw refuse('host-revoked', `This host was ${row.state} on this console.`)
  const mayOnlyRenew = !(Date.parse(row.certificate_expires_at ?? '') > nowMs)
  return { host, publicKey: new Uint8Array(publicKey), address, mayOnlyRenew }
}
