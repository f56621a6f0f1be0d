import { openBatch, splitBatch, verifyBatch } from '@tidewaiter/protocol'
import type { TakenBatch } from '@tidewaiter/protocol/api'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Deps } from '../deps.ts'
import { type Code, refuse } from '../error.ts'

type TakeDeps = Pick<Deps, 'store' | 'ledger' | 'now'>

/**
 * Puts a batch that was brought into the ledger, once signature, payload and root are those its host sealed. One that is
 * held already changes nothing; one of a collection whose place is passed, or taken by another, is kept beside the line.
 * @throws `not-found`, `host-wrong`, `chain-fork` for one of a file that is not the next, `disk-full`, and what protocol refuses a batch with
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
  const held = await ledger.headerHashOf(host, seq)
  if (held === headerHash) return { is: 'held', seq }
  const tip = ledger.tipOf(host)
  const before = tip?.seq ?? 0
  // Sealed by a command of ours that asked for the tip: another one came in between, and this one begins again behind it.
  if (row.kind === 'import' && (seq !== before + 1 || header.prev !== (tip?.headerHash ?? null)))
    throw refuse('chain-fork', `Batch ${seq} does not follow batch ${before}, the last one held.`)
  const isNext = seq > before
  const branch = isNext ? null : headerHash.slice(0, 8)
  if (branch !== null && (await ledger.find({ host, branch, seq }))?.headerHash === headerHash)
    return { is: 'held', seq }
  const receivedAtMs = now()
  await ledger.append(batch, { receivedAtMs, branch })
  const noted = isNext ? gapBefore(seq, before) : forkAt(seq, held)
  if (noted !== undefined)
    await store
      .insertInto('irregularity')
      .values({ ...noted, at: new Date(receivedAtMs).toISOString(), host, seq, address: 'import' })
      .execute()
  return { is: isNext ? 'added' : 'beside', seq }
}

function gapBefore(seq: number, before: number): { code: Code; says: string } | undefined {
  if (seq === before + 1) return undefined
  const missing =
    before + 1 === seq - 1 ? `Batch ${seq - 1} is missing` : `Batches ${before + 1} to ${seq - 1} are missing`
  return { code: 'chain-gap', says: `${missing} in what was imported.` }
}

/** One that fills a hole is no other past. */
function forkAt(seq: number, held: string | undefined): { code: Code; says: string } | undefined {
  return held === undefined
    ? undefined
    : { code: 'chain-fork', says: `Batch ${seq} is another one than is held: it is kept beside it.` }
}
