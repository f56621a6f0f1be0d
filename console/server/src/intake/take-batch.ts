import { openBatch, splitBatch, verifyBatch } from '@tidewaiter/protocol'
import type { TakenBatch } from '@tidewaiter/protocol/api'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Deps } from '../deps.ts'
import { refuse } from '../error.ts'

type TakeDeps = Pick<Deps, 'store' | 'ledger' | 'now'>

/**
 * Puts a batch that was brought into the ledger, once signature, payload and root are those its host sealed. One that is
 * held already changes nothing; one whose place is passed, or taken by another, is kept beside the line.
 * @throws `not-found`, `host-wrong`, `disk-full`, and what protocol refuses a batch with
 */
export async function takeBatch(
  { store, ledger, now }: TakeDeps,
  host: string,
  bytes: Uint8Array,
): Promise<TakenBatch> {
  const row = await store.selectFrom('host').select(['public_key', 'kind']).where('id', '=', host).executeTakeFirst()
  if (row === undefined || row.kind === 'agent') throw refuse('not-found', `There is no import ${host}.`)
  const batch = splitBatch(nodePrimitives, bytes)
  const { headerHash, header } = batch
  const { seq } = header
  if (header.host !== host) throw refuse('host-wrong', `The batch is of host ${header.host}.`)
  verifyBatch(nodePrimitives, batch, row.public_key)
  openBatch(nodePrimitives, batch)
  if ((await ledger.headerHashOf(host, seq)) === headerHash) return { is: 'held', seq }
  const isNext = seq > (ledger.tipOf(host)?.seq ?? 0)
  const branch = isNext ? null : headerHash.slice(0, 8)
  if (branch !== null && (await ledger.find({ host, branch, seq }))?.headerHash === headerHash)
    return { is: 'held', seq }
  await ledger.append(batch, { receivedAtMs: now(), branch })
  return { is: isNext ? 'added' : 'beside', seq }
}
