import type { X509Certificate } from 'node:crypto'
import { createPublicKey } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { isRefusal } from '../error.ts'
import { record } from '../people/audit.ts'
import { type Admitted, admitKey, hostOf } from './admit.ts'
import type { Peer } from './door.ts'
import { movedTo } from './farewell.ts'
import type { Irregularities } from './irregularities.ts'
import { label } from './label.ts'

type AdoptDeps = Pick<Deps, 'store' | 'keys' | 'ledger' | 'now'> & { irregularities: Pick<Irregularities, 'note'> }

interface From {
  address: string
  /** The host it goes on as: nobody waits for one that has ended. */
  successor?: { host: string; name: string } | undefined
}

/**
 * The host of a key, taken back where a restored copy does not know it.
 * @throws `host-unknown`, `host-revoked`
 */
export async function admitOrAdopt(
  deps: AdoptDeps,
  { publicKey, certificate, address, successor }: Pick<Peer, 'publicKey' | 'certificate'> & From,
): Promise<Admitted> {
  const asked = { publicKey, address, nowMs: deps.now() }
  try {
    return await admitKey(deps.store, asked)
  } catch (cause) {
    const isUnknown = isRefusal(cause) && cause.code === 'host-unknown'
    if (!isUnknown || publicKey === undefined || certificate === undefined) throw cause
    if (!(await adopt(deps, { publicKey, certificate, address, successor }))) throw cause
    return await admitKey(deps.store, asked)
  }
}

/** A host certificate begins so long before it was issued (`keys/certificates.ts`). */
const backdatedMs = 24 * 3_600_000

/**
 * Takes back a host that the restored copy does not know: it was enrolled after the copy was made, or nothing but the
 * keys was left. Its certificate is one that this console issued before it was restored, or that another console with the
 * same keys issued since: the one that was copied may have gone on for a while. Whether the host had been revoked
 * meanwhile nobody knows any more, so it is shown.
 */
async function adopt(
  { store, keys, ledger, irregularities, now }: AdoptDeps,
  { publicKey, certificate, address, successor }: From & { publicKey: Uint8Array; certificate: X509Certificate },
): Promise<boolean> {
  const origin = ledger.origins.at(-1)
  const issuedMs = certificate.validFromDate.getTime() + backdatedMs
  if (origin === undefined || !certificate.verify(createPublicKey(keys.caCertificate))) return false
  const id = hostOf(publicKey)
  const at = new Date(now()).toISOString()
  await store.transaction().execute(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('host')
      .values({
        id,
        name: label(successor?.name ?? id),
        farewell: successor === undefined ? null : movedTo(successor.host),
        kind: 'agent',
        os: '',
        platform: '',
        public_key: Buffer.from(publicKey),
        agent: '',
        state: 'active',
        certificate_expires_at: certificate.validToDate.toISOString(),
        enrolled_at: at,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 1n)
      await record(tx, { who: `host ${id}`, at, act: 'host.adopt', data: { host: id } })
  })
  const whose =
    issuedMs <= origin.atMs
      ? 'this console issued before'
      : 'another console with the same keys issued after this one was restored: see whether it still runs'
  const says = `The restored copy did not know it. It came back by the certificate that ${whose}.`
  irregularities.note({ host: id, code: 'host-adopted', says, address })
  return true
}
