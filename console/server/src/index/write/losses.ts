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
  /**
   * What a header owns up to. Losses of one cause that follow one another are one; those of unknown size stay apart, so
   * that what was counted stays counted. A hole of the same time is explained by it, as far as its count goes.
   * @param hole that of the same batch, which it explains whatever times it states
   */
  add(of: SourceOf, loss: Lost & { why: string }, hole?: number): void
  /**
   * What nobody owned up to: the positions do not join. `what` is missing, as far as they tell. Returns the number of its
   * span, undefined where it is not told apart.
   */
  addHole(of: SourceOf, hole: Lost & { what: string }): number | undefined
}

export interface SourceOf {
  host: number
  source: number
}

/** Begins what is said of a hole until a header explains it. */
const unexplained = 'Its positions do not join: '
const isHole = `substr(why, 1, ${unexplained.length}) = '${unexplained}'`
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
     and (why = ? and (lost is null) = ? or ? and ${isHole}) order by no desc limit 1`,
  )
  const holeAt = db.prepare(`select no, from_ms, to_ms, lost, why from span where no = ? and ${isHole}`)
  const shrink = db.prepare('update span set lost = lost - ? where no = ?')
  const change = db.prepare('update span set from_ms = ?, to_ms = ?, lost = ?, why = ? where no = ?')
  const widen = (row: Row, { fromMs, toMs }: Lost, what: { lost: number | null; why: string }): void => {
    const [from, to] = [Math.min(Number(row.from_ms), fromMs), Math.max(Number(row.to_ms), toMs)]
    change.run(from, to, what.lost, what.why, Number(row.no))
  }
  const insert = ({ host, source }: SourceOf, loss: Lost & { why: string }): number | undefined => {
    const { fromMs, toMs, lost, why } = loss
    const row = room.isFull(host) ? last.get(source) : undefined
    if (row === undefined) {
      room.take(host)
      return Number(put.run(source, Math.min(fromMs, toMs), toMs, lost, why).lastInsertRowid)
    }
    const before = String(row.why)
    const all = before.startsWith(folded) ? before : `${folded}${before}`
    widen(row, loss, { lost: plus(row.lost, lost), why: all })
    return undefined
  }
  const find = ({ source }: SourceOf, { fromMs, toMs, lost, why }: Lost & { why: string }, orHole: boolean) =>
    near.get(source, fromMs - leastPauseMs, toMs + leastPauseMs, why, lost === null ? 1 : 0, orHole ? 1 : 0)
  return {
    add(of, loss, hole) {
      const { lost, why } = loss
      const row = (hole === undefined ? undefined : holeAt.get(hole)) ?? find(of, loss, true)
      const isHoleOf = row !== undefined && String(row.why).startsWith(unexplained)
      if (row !== undefined && isHoleOf && !isMore(row.lost, lost)) return widen(row, loss, { lost, why })
      // More is missing than was owned up to: the rest stays unexplained.
      if (isHoleOf) shrink.run(lost ?? 0, Number(row.no))
      const same = isHoleOf ? find(of, loss, false) : row
      if (same === undefined) insert(of, loss)
      else widen(same, loss, { lost: plus(same.lost, lost), why })
    },
    addHole: (of, { what, ...hole }) => insert(of, { ...hole, why: `${unexplained}${what}` }),
  }
}

type Row = Record<string, unknown>

/** True where a hole that was counted is not explained by `lost`, which is null where it is of unknown size. */
function isMore(hole: unknown, lost: number | null): boolean {
  return hole !== null && (lost === null || Number(hole) > lost)
}

function plus(a: unknown, b: number | null): number | null {
  return a === null || b === null ? null : Number(a) + b
}
