import type { DatabaseSync } from 'node:sqlite'
import { leastPauseMs } from '../pause.ts'

/** Records that are missing between two times; `lost` null where nobody can count them. */
export interface Lost {
  fromMs: number
  toMs: number
  lost: number | null
}

/** Spans of which something is missing. They lie over the covered ones, which are cut at them when they are read. */
export interface Losses {
  /** What a header owns up to. Losses of one cause that follow one another are one. */
  add(source: number, loss: Lost & { why: string }): void
  /** What nobody owned up to: the positions do not join. `what` is missing, as far as they tell. */
  addHole(source: number, hole: Lost & { what: string }): void
}

/** Begins what is said of a hole until a header explains it. */
const unexplained = 'Its positions do not join: '

export function openLosses(db: DatabaseSync): Losses {
  const insert = db.prepare(
    "insert into span (source, state, from_ms, to_ms, records, lost, why) values (?, 'lost', ?, ?, 0, ?, ?)",
  )
  const near = db.prepare(
    `select no, from_ms, to_ms, lost, why from span where source = ? and state = 'lost' and to_ms >= ? and from_ms <= ?
     and (why = ? or substr(why, 1, ${unexplained.length}) = '${unexplained}') order by no desc limit 1`,
  )
  const change = db.prepare('update span set from_ms = ?, to_ms = ?, lost = ?, why = ? where no = ?')
  return {
    add(source, { fromMs, toMs, lost, why }) {
      const row = near.get(source, fromMs - leastPauseMs, toMs + leastPauseMs, why)
      if (row === undefined) insert.run(source, Math.min(fromMs, toMs), toMs, lost, why)
      else
        change.run(
          Math.min(Number(row.from_ms), fromMs),
          Math.max(Number(row.to_ms), toMs),
          String(row.why).startsWith(unexplained) ? lost : plus(row.lost, lost),
          why,
          Number(row.no),
        )
    },
    addHole(source, { fromMs, toMs, lost, what }) {
      insert.run(source, fromMs, toMs, lost, `${unexplained}${what}`)
    },
  }
}

function plus(a: unknown, b: number | null): number | null {
  return a === null || b === null ? null : Number(a) + b
}
