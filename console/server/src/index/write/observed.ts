import type { DatabaseSync } from 'node:sqlite'
import { typeNumber } from '../observable-key.ts'
import type { Gathered } from './gathering.ts'

export interface ObservedOptions {
  /** New values a host may add in one day, over its own chain and all branches beside it. */
  mostNew: number
  /** The host of a chain. */
  ownOf(chain: number): number
  /** Called for a value the index did not hold on this host before. */
  isNew(value: Gathered): void
}

/** The table of observables. */
export interface Observed {
  /** Writes what was gathered on one day into the transaction. */
  save(values: Iterable<Gathered>, day: string): void
  forget(): void
}

type Outcome = 'held' | 'new' | 'beyond'

/** As both statements take it. */
type Row = [type: number, key: string, host: number, count: number, ...atAndPlace: number[]]

interface Allowance {
  added: number
  beyond: number
  firstAt: number
  lastAt: number
}

export function openObserved(db: DatabaseSync, { mostNew, ownOf, isNew }: ObservedOptions): Observed {
  // Of one time the earlier record stays the first, the later one becomes the last.
  const update = db.prepare(
    `update observable set count = count + ?4,
     first_place = case when ?5 < first_at then ?7 else first_place end, first_at = min(first_at, ?5),
     last_place = case when ?6 >= last_at then ?8 else last_place end, last_at = max(last_at, ?6)
     where type = ?1 and key = ?2 and host = ?3`,
  )
  const insert = db.prepare(
    `insert or ignore into observable (type, key, host, count, first_at, last_at, first_place, last_place)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const select = db.prepare('select added, beyond, first_at, last_at from allowance where host = ? and day = ?')
  const replace = db.prepare(
    'insert or replace into allowance (host, day, added, beyond, first_at, last_at) values (?, ?, ?, ?, ?, ?)',
  )
  const allowances = new Map<number, Allowance>()
  const allowanceOf = (chain: number, day: string): Allowance => {
    const host = ownOf(chain)
    const known = allowances.get(host) ?? toAllowance(select.get(host, day))
    allowances.set(host, known)
    return known
  }
  /** False where the value is held already, or its host may add no more. */
  const add = (value: Gathered, row: Row, allowance: Allowance): boolean => {
    if (allowance.added >= mostNew || insert.run(...row).changes === 0) return false
    allowance.added += 1
    isNew(value)
    return true
  }
  /** Either order of the two finds out both: the likely one first. */
  const put = (value: Gathered, day: string, isNewLikely: boolean): Outcome => {
    const { type, key, host, count, firstAt, lastAt, firstPlace, lastPlace } = value
    const row: Row = [typeNumber(type), key, host, count, firstAt, lastAt, firstPlace, lastPlace]
    if (!isNewLikely && update.run(...row).changes !== 0) return 'held'
    if (add(value, row, allowanceOf(host, day))) return 'new'
    return isNewLikely && update.run(...row).changes !== 0 ? 'held' : 'beyond'
  }
  return {
    save(values, day) {
      let last: Outcome = 'held'
      for (const value of values) {
        // Side by side in the table, values are mostly new together, or held together.
        last = put(value, day, last === 'new')
        if (last === 'beyond') leaveOut(allowanceOf(value.host, day), value)
      }
      for (const [host, { added, beyond, firstAt, lastAt }] of allowances)
        replace.run(host, day, added, beyond, beyond === 0 ? null : firstAt, beyond === 0 ? null : lastAt)
      allowances.clear()
    },
    forget: () => allowances.clear(),
  }
}

function toAllowance(row: Record<string, unknown> | undefined): Allowance {
  return {
    added: Number(row?.added ?? 0),
    beyond: Number(row?.beyond ?? 0),
    firstAt: typeof row?.first_at === 'number' ? row.first_at : Number.POSITIVE_INFINITY,
    lastAt: typeof row?.last_at === 'number' ? row.last_at : Number.NEGATIVE_INFINITY,
  }
}

/** Counted, so that a sweep can say what it did not look at. */
function leaveOut(allowance: Allowance, { count, firstAt, lastAt }: Gathered): void {
  allowance.beyond += count
  allowance.firstAt = Math.min(allowance.firstAt, firstAt)
  allowance.lastAt = Math.max(allowance.lastAt, lastAt)
}
