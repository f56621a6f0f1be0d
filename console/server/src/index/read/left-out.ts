import type { CoverageSpan } from '@tidewaiter/protocol/api'
import type { Ledger } from '../../ledger/ledger.ts'
import type { LeftOut } from '../left-out.ts'
import { chainsOf } from './coverage.ts'
import type { Handles } from './handles.ts'
import { toTime } from './rows.ts'

/** Batches of a host that are in the ledger and not in the index. */
export interface Unread {
  batches: number
  /** When the first and the last of them were received, milliseconds UTC. */
  fromMs: number
  toMs: number
  /** Why the first was left out. */
  says: string
}

const mostPositions = 10
/** Marks that are counted; of a ledger with more of them there are at least so many. */
const mostCounted = 100_000

/** Both writers leave out what does not open, and each what it alone cannot read. */
export async function countLeftOut(handles: Handles): Promise<LeftOut> {
  const select = (table: string) => `select position from ${table} order by position limit ${mostCounted}`
  const rows = [
    ...(await handles.events((db) => db.all<{ position: number }>(select('event_mark')))),
    ...(await handles.values((db) => db.all<{ position: number }>(select('value_mark')))),
  ]
  const positions = [...new Set(rows.map(({ position }) => position))].sort((a, b) => a - b)
  return { batches: positions.length, positions: positions.slice(0, mostPositions) }
}

/** Marks that are followed to their hosts: what a host that floods the console may cost an answer. */
const mostMarks = 2000

/** By host. */
export async function unreadOf(handles: Handles, ledger: Pick<Ledger, 'entry'>): Promise<ReadonlyMap<string, Unread>> {
  type Row = { position: number; says: string }
  const select = (table: string) => `select position, says from ${table} order by position limit ${mostMarks}`
  const marks = new Map<number, string>()
  for (const rows of [
    await handles.events((db) => db.all<Row>(select('event_mark'))),
    await handles.values((db) => db.all<Row>(select('value_mark'))),
  ])
    for (const { position, says } of rows) if (!marks.has(position)) marks.set(position, says)
  const unread = new Map<string, Unread>()
  for (const [position, says] of marks) {
    const entry = await ledger.entry(position)
    if (entry === undefined) continue
    const { host, receivedAtMs: atMs } = entry
    const { batches, fromMs, toMs, ...first } = unread.get(host) ?? { batches: 0, fromMs: atMs, toMs: atMs, says }
    unread.set(host, { ...first, batches: batches + 1, fromMs: Math.min(fromMs, atMs), toMs: Math.max(toMs, atMs) })
  }
  return unread
}

/** What is held of a host and not in the index: values beyond what it may add in a day, and batches that cannot be read. */
export async function leftOutOf(handles: Handles, host: string, unread: Unread | undefined): Promise<CoverageSpan[]> {
  const rows = await handles.values((db) =>
    db.all<{ day: string; beyond: number; firstAt: number; lastAt: number }>(
      `select day, sum(beyond) as beyond, min(first_at) as firstAt, max(last_at) as lastAt from allowance
       where host in (select no from value_host where ${chainsOf}) and beyond > 0 group by day order by day`,
      [host],
    ),
  )
  const beyond = rows.map(({ day, beyond: lost, firstAt, lastAt }): CoverageSpan => {
    const why = `On ${day} this host gave more new values than a host may: so many of its values were not indexed.`
    return { id: 'index:observables', state: 'lost', from: toTime(firstAt), to: toTime(lastAt), records: 0, lost, why }
  })
  return unread === undefined ? beyond : [...beyond, toSpan(unread)]
}

/** How many records they have is in none of them that can be believed. */
function toSpan({ batches, fromMs, toMs, says }: Unread): CoverageSpan {
  const why = `In the ledger and not in the index: ${batches === 1 ? '1 batch' : `${batches} batches`} received in this time. ${says}`
  return { id: 'index:batches', state: 'lost', from: toTime(fromMs), to: toTime(toMs), records: 0, lost: null, why }
}
