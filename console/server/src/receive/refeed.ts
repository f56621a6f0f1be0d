import { checkHead, parseHead, Refusal, type SignedHead, type Tip } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Selectable } from 'kysely'
import type { Deps } from '../deps.ts'
import type { Origin } from '../ledger/origin.ts'
import type { RefeedTable } from '../store/tables.ts'
import type { Irregularities } from './irregularities.ts'
import type { Hello } from './standings.ts'

type RefeedDeps = Pick<Deps, 'store' | 'keys' | 'ledger' | 'now'>
type Row = Selectable<RefeedTable>

/** What a host says when it comes back to a restored console, which holds its chain up to `after`. */
export interface ComingBack {
  host: string
  address: string
  hello: Hello
  after: Tip | null
}

/**
 * Writes down what a host had been acknowledged that this console lacks, the first time it comes back, as far as a head
 * proves it. What it no longer has is said: nobody can feed it again.
 */
export async function noteRefeed(
  deps: RefeedDeps & { irregularities: Pick<Irregularities, 'note'> },
  { host, address, hello, after: tip }: ComingBack,
): Promise<void> {
  const { store, ledger, irregularities, now } = deps
  const origin = ledger.origins.at(-1)
  const after = tip?.seq ?? 0
  const { oldestSeq: oldest } = hello
  if (origin === undefined || hello.acked <= after) return
  const { seen, beyond } = witnessed(deps, origin, hello.witness)
  const acked = Math.min(hello.acked, hello.tip?.seq ?? 0, after + beyond)
  if (acked < hello.acked) {
    const says = `It says that batch ${hello.acked} was acknowledged: its chain and the ledger head it holds prove no more than ${Math.max(acked, after)}.`
    irregularities.note({ host, code: 'acked-unproven', says, seq: Math.max(acked, after), address })
  }
  if (acked <= after) return
  const row: Row = { ledger: ledger.id, host, after, acked, oldest, seen, at: new Date(now()).toISOString() }
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('refeed')
    .values(row)
    .onConflict((conflict) => conflict.columns(['ledger', 'host']).doNothing())
    .executeTakeFirst()
  const gone = goneOf(row)
  if (numInsertedOrUpdatedRows !== 1n || gone === 0) return
  const which = gone === 1 ? `batch ${after + 1} is` : `batches ${after + 1} to ${after + gone} are`
  const says = `Re-feed impossible: ${which} no longer in the spool of the host.`
  irregularities.note({ host, code: 'refeed-gap', says, seq: after + gone, address })
}

interface Witnessed {
  /** Entries of the ledger before, where the head is one of it. */
  seen: number | null
  /** So many entries beyond what was restored there were at least, and so many of one host at most. */
  beyond: number
}

const nothing: Witnessed = { seen: null, beyond: 0 }

/** What a head proves: one that this console signed before it was restored. The ledger goes on counting when it begins again. */
function witnessed({ keys, ledger }: RefeedDeps, { before }: Origin, witness: SignedHead | null): Witnessed {
  if (witness === null) return nothing
  try {
    const ours = [keys.publicKey('ledger'), ...keys.retired('ledger').map(({ publicKey }) => publicKey)]
    const head = parseHead(witness)
    if (head.ledger === ledger.id || !ours.some((key) => isSigned(witness, key))) return nothing
    if (before === null) return { seen: head.size, beyond: head.size }
    const restored = parseHead(before)
    // A copy of an earlier ledger than the head is of: how much of it they share is not known.
    if (head.ledger !== restored.ledger) return { seen: null, beyond: head.size }
    return { seen: head.size, beyond: Math.max(0, head.size - restored.size) }
  } catch (error) {
    if (error instanceof Refusal) return nothing
    throw error
  }
}

function isSigned(witness: SignedHead, key: Uint8Array): boolean {
  try {
    return checkHead(nodePrimitives, witness, key) !== undefined
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** Batches that were acknowledged, were not restored, and are no longer on the host. */
function goneOf({ after, acked, oldest }: Row): number {
  return Math.max(0, Math.min(acked, (oldest ?? acked + 1) - 1) - after)
}

/** How much of what a restored console lacked its hosts have sent again. Counts are of batches. */
export interface Refeed {
  /** Entries of the ledger before that were restored; null where only the keys were left. */
  restored: number | null
  /** Id of the ledger before, where it is known. */
  before: string | null
  at: string
  /** Entries it had, as hosts witnessed; null where none that came back did. */
  seen: number | null
  /** Batches that hosts were acknowledged and that were not restored. */
  lacked: number
  refed: number
  /** No longer on the hosts. */
  gone: number
  /** Hosts that came back and had something to send again. */
  hosts: number
}

/** Undefined for a console that was never restored. */
export async function refeedOf({ store, ledger }: Pick<Deps, 'store' | 'ledger'>): Promise<Refeed | undefined> {
  const origin = ledger.origins.at(-1)
  if (origin === undefined) return undefined
  const rows = await store.selectFrom('refeed').selectAll().where('ledger', '=', ledger.id).execute()
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0)
  const refed = (row: Row) =>
    Math.max(0, Math.min(ledger.tipOf(row.host)?.seq ?? 0, row.acked) - row.after - goneOf(row))
  const seen = rows.flatMap((row) => (row.seen === null ? [] : [row.seen]))
  const head = origin.before === null ? undefined : parseHead(origin.before)
  return {
    restored: head?.size ?? null,
    before: head?.ledger ?? null,
    at: new Date(origin.atMs).toISOString(),
    seen: seen.length === 0 ? null : Math.max(...seen),
    lacked: sum(({ acked, after }) => acked - after),
    refed: sum(refed),
    gone: sum(goneOf),
    hosts: rows.length,
  }
}

/** "restored: entries n to m, re-fed k of them", in whole sentences. */
export function inWords({ restored, before, at, seen, lacked, refed, gone, hosts }: Refeed): string {
  const from =
    restored === null
      ? `This console was rebuilt from its keys alone at ${at}.`
      : `The ledger was restored at ${at} from ledger ${before} as it stood with ${restored} entries.`
  const beyond =
    seen !== null && seen > (restored ?? 0) ? ` Hosts witnessed entries ${restored ?? 0} to ${seen - 1} beyond it.` : ''
  const rest = gone > 0 ? ` ${gone} are no longer on the hosts.` : ''
  if (hosts === 0) return `${from}${beyond} No host has come back yet with anything it lacks.`
  return `${from}${beyond} ${hosts === 1 ? '1 host' : `${hosts} hosts`} had been acknowledged ${lacked} batches it lacked: re-fed ${refed} of them.${rest}`
}
