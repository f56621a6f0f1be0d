import { type CollectedSource, type CollectionEnd, isOfAgent, openEnd } from '@tidewaiter/protocol'
import type { FinishImport } from '@tidewaiter/protocol/api'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Deps } from '../deps.ts'
import { refuse } from '../error.ts'
import { record } from '../people/audit.ts'
import type { SaidState } from '../receive/standings.ts'
import type { Transaction } from '../store/store.ts'

type FinishDeps = Pick<Deps, 'store' | 'live'>

/** So many damages are noted of one file; the audit log has their number. */
const mostNoted = 50

/**
 * Says what an import came to: how each source stands, as the collection ends with it, and what of the file was refused.
 * The same again changes nothing but the audit log.
 * @throws `not-found`, `collection-malformed`, `signature-wrong`
 */
export async function finishImport(
  { store, live }: FinishDeps,
  { host, finished }: { host: string; finished: FinishImport },
  { who, at }: { who: string; at: string },
): Promise<void> {
  const row = await store.selectFrom('host').select(['public_key', 'kind']).where('id', '=', host).executeTakeFirst()
  if (row === undefined || row.kind === 'agent') throw refuse('not-found', `There is no import ${host}.`)
  const { end: signed, damaged, ...data } = finished
  const end = signed === null ? undefined : openEnd(nodePrimitives, Buffer.from(signed, 'base64'), row.public_key)
  if (end !== undefined && end.host !== host) throw refuse('host-wrong', `The end of the file is of host ${end.host}.`)
  await store.transaction().execute(async (tx) => {
    const state = end === undefined ? {} : { last_seen_at: end.endedAt, last_state: JSON.stringify(saidBy(end)) }
    if (end !== undefined) await tx.updateTable('host').set(state).where('id', '=', host).execute()
    await noteDamages(tx, { host, at, damages: sayings(finished, end) })
    await record(tx, { who, at, act: 'import.done', data: { host, ...data, damaged: damaged.length } })
  })
  for (const topic of ['hosts', 'overview', `host:${host}`] as const) live.changed(topic)
}

interface Saying {
  code: string
  says: string
}

function sayings({ damaged, isCut, file }: FinishImport, end: CollectionEnd | undefined): Saying[] {
  const parts = damaged
    .slice(0, mostNoted)
    .map(({ at, bytes, code, says }) => ({ code, says: `${file}, byte ${at}: ${bytes} bytes are refused: ${says}.` }))
  const cut = isCut ? [{ code: 'collection-malformed', says: `${file} was cut off: it has no end.` }] : []
  const early =
    end?.complete === false
      ? [{ code: 'chain-gap', says: `The collection did not come to its end: ${end.why ?? ''}` }]
      : []
  return [...parts, ...cut, ...early]
}

async function noteDamages(
  tx: Transaction,
  { host, at, damages }: { host: string; at: string; damages: readonly Saying[] },
): Promise<void> {
  for (const { code, says } of damages) {
    const known = await tx
      .selectFrom('irregularity')
      .select('no')
      .where('host', '=', host)
      .where('says', '=', says)
      .executeTakeFirst()
    const row = { at, host, code, says, seq: null, address: 'import' }
    if (known === undefined) await tx.insertInto('irregularity').values(row).execute()
  }
}

/** As an agent says it of itself: what the list of hosts and coverage are made from. */
function saidBy({ sources, endedAt }: CollectionEnd): SaidState {
  const said = sources.filter(({ id }) => !isOfAgent(id)).map(toState)
  return {
    sources: said,
    spool: { batches: 0, bytes: 0, unacked: 0 },
    clockOffsetMs: null,
    cpuPercent: 0,
    rssBytes: 0,
    since: Object.fromEntries(said.filter(({ state }) => state !== 'ok').map(({ id }) => [id, endedAt])),
  }
}

function toState({ id, state, why, fix }: CollectedSource): SaidState['sources'][number] {
  const words = { ...(why !== undefined && { why }), ...(fix !== undefined && { fix }) }
  if (state === 'covered' || state === 'lost') return { id, state: 'ok', ...words }
  return { id, state: state === 'not-enabled' ? 'not-enabled' : 'failed', ...words }
}
