import type { DatabaseSync } from 'node:sqlite'
import { leastPauseMs } from '../pause.ts'
import type { Room } from './room.ts'

/** Records that are missing between two times; `lost` null where nobody can count them. */
export interface Lost {
  fromMs: number
  toMs: number
  lost: number | null
}

/** Spans of which something is missing. They lie over the covered ones, which are cut at them when they are read. */
export interface Losses {
  /** What a header owns up to. Losses of one cause that follow one another are one. */
  add(of: SourceOf, loss: Lost & { why: string }): void
  /** What nobody owned up to: the positions do not join. `what` is missing, as far as they tell. */
  addHole(of: SourceOf, hole: Lost & { what: string }): void
}

export interface SourceOf {
  host: number
  source: number
}

/** Begins what is said of a hole until a header explains it. */
const unexplained = 'Its positions do not join: '
/** Begins what is said where a host has more losses than are told apart. */
const folded = 'More was lost of this host than is told apart, among it: '
/** Of a source, the losses that end last are looked through for one that goes on. */
const mostLooked = 32

export function openLosses(db: DatabaseSync, room: Room): Losses {
  const put = db.prepare(
    "insert into span (source, state, from_ms, to_ms, records, lost, why) values (?, 'lost', ?, ?, 0, ?, ?)",
  )
  const latest = `select no, from_ms, to_ms, lost, why from span where source = ? and state = 'lost' order by to_ms desc`
  const last = db.prepare(`${latest} limit 1`)
  const near = db.prepare(
    `select * from (${latest} limit ${mostLooked}) where to_ms >= ? and from_ms <= ?
     and (why = ? or substr(why, 1, ${unexplained.length}) = '${unexplained}') order by no desc limit 1`,
  )
  const change = db.prepare('update span set from_ms = ?, to_ms = ?, lost = ?, why = ? where no = ?')
  const widen = (row: Row, { fromMs, toMs }: Lost, what: { lost: number | null; why: string }) =>
    change.run(
      Math.min(Number(row.from_ms), fromMs),
      Math.max(Number(row.to_ms), toMs),
      what.lost,
      what.why,
      Number(row.no),
    )
  const insert = ({ host, source }: SourceOf, loss: Lost & { why: string }) => {
    const { fromMs, toMs, lost, why } = loss
    const row = room.isFull(host) ? last.get(source) : undefined
    if (row === undefined) {
      put.run(source, Math.min(fromMs, toMs), toMs, lost, why)
      room.take(host)
    } else {
      const before = String(row.why)
      const all = before.startsWith(folded) ? before : `${folded}${before}`
      widen(row, loss, { lost: plus(row.lost, lost), why: all })
    }
  }
  return {
    add(of, loss) {
      const { fromMs, toMs, lost, why } = loss
      const row = near.get(of.source, fromMs - leastPauseMs, toMs + leastPauseMs, why)
      if (row === undefined) insert(of, loss)
      else widen(row, loss, { lost: String(row.why).startsWith(unexplained) ? lost : plus(row.lost, lost), why })
    },
    addHole: (of, { what, ...hole }) => insert(of, { ...hole, why: `${unexplained}${what}` }),
  }
}

type Row = Record<string, unknown>

function plus(a: unknown, b: number | null): number | null {
  return a === null || b === null ? null : Number(a) + b
}
