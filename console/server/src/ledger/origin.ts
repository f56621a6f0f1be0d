import { randomBytes } from 'node:crypto'
import { type Batch, hostIdOf, parseHead, parseHeader, type SignedHead, seal, type Tip } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Keys } from '../keys/keys.ts'
import type { Entry } from './ledger.ts'

/**
 * How a ledger began that is not the first of its console: from a restored one, which its first entry names by the head
 * it witnesses, or anew with the same keys, because nothing else was left.
 */
export interface Origin {
  /** Id of the ledger that began. */
  ledger: string
  /** Position of its first entry. */
  position: number
  atMs: number
  /** Head of the ledger it goes on from, as it was restored; null where nothing of it was left. */
  before: SignedHead | null
}

/** The source in which the console speaks of its own ledger. */
const source = 'console:ledger'

/** Id under which the console seals what it says itself. */
export function consoleHostOf(keys: Pick<Keys, 'publicKey'>): string {
  return hostIdOf(nodePrimitives.sha256(keys.publicKey('intake')))
}

export interface Beginning {
  keys: Pick<Keys, 'publicKey' | 'sign'>
  ledger: string
  /** Newest batch of the console itself in what was restored. */
  tip: Tip | null
  before: SignedHead | null
  atMs: number
}

/** The first batch of a ledger that goes on from another: signed by the console, it witnesses the head it goes on from. */
export function originBatch({ keys, ledger, tip, before, atMs }: Beginning): Batch {
  const at = new Date(atMs).toISOString()
  const seq = (tip?.seq ?? 0) + 1
  const { size, root, ledger: from } = before === null ? { size: 0, root: null, ledger: null } : parseHead(before)
  const says =
    from === null
      ? `Ledger ${ledger} was begun with the keys of a console of which nothing else was left.`
      : `Ledger ${ledger} was begun from a copy of ledger ${from}, which then had ${size} entries.`
  const record = Buffer.from(
    JSON.stringify({ kind: from === null ? 'ledger-rebuilt' : 'ledger-restored', at, ledger, from, size, root, says }),
  )
  const head = { source, start: { number: seq }, readAt: at, method: 'console', unit: 'row' as const, lf: true }
  const chunk = { head, lengths: [record.length], bytes: Buffer.concat([record, Buffer.from('\n')]) }
  return seal(nodePrimitives, [chunk], {
    seed: randomBytes(32),
    statement: {
      host: consoleHostOf(keys),
      seq,
      prev: tip?.headerHash ?? null,
      agent: 'console 0.1.0',
      bootId: '',
      zone: 'UTC',
      utcOffset: 0,
      clockOffset: null,
      from: at,
      to: at,
      sealedAt: at,
      sources: [{ id: source, first: { number: seq }, next: { number: seq + 1 }, count: 1 }],
      lost: [],
      witness: before,
    },
    sign: (data) => keys.sign('intake', data),
  })
}

/** What an entry says of the beginning of the ledger it stands in; undefined for every other entry. */
export function originIn(
  entry: Pick<Entry, 'host' | 'position' | 'receivedAtMs' | 'headerBytes'>,
  { consoleHost, ledger }: { consoleHost: string; ledger: string },
): Origin | undefined {
  if (entry.host !== consoleHost) return undefined
  const { sources, witness } = parseHeader(entry.headerBytes)
  if (!sources.some(({ id }) => id === source)) return undefined
  return { ledger, position: entry.position, atMs: entry.receivedAtMs, before: witness }
}
