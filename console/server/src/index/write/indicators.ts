import type { DatabaseSync } from 'node:sqlite'
import type { IndicatorRow } from '../messages.ts'
import { domainRange, keyOf, networkRange, type SeenType, typeNumber, typeOfNumber } from '../observable-key.ts'
import { sightingId } from '../sighting-id.ts'
import type { Gathered } from './gathering.ts'
import { type Held, openSought } from './sought.ts'

/**
 * The indicators of the store, kept beside the observables: a new one meets what is held, and a new observable meets
 * what is sought. What they give is the same in whatever order they came.
 */
export interface Indicators {
  /** Writes indicators that are new or changed. */
  put(rows: readonly IndicatorRow[]): void
  /** A new observable meets the indicators. */
  meet(value: Gathered): void
  /** Some indicators that are new meet the observables held. False when none are left. */
  matchSome(): boolean
  counts(): { indicators: number; ended: number }
  /** Sightings that were found since this was asked last. */
  takeFound(): number
  /** The transaction was given up. */
  forget(): void
}

/** Indicators that are matched with what is held in one transaction. */
const mostAtOnce = 2000

export function openIndicators(db: DatabaseSync): Indicators {
  const upsert = db.prepare(
    `insert into indicator (id, type, value, until, is_matched) values (?, ?, ?, ?, 0)
     on conflict (id) do update set until = excluded.until`,
  )
  const isKnown = db.prepare('select 1 from indicator where id = ?')
  const fresh = db.prepare('select id, type, value from indicator where is_matched = 0 limit ?')
  const settle = db.prepare('update indicator set is_matched = 1 where id = ?')
  const count = db.prepare('select count(*) as indicators, count(until) as ended from indicator')
  const insert = db.prepare('insert or ignore into sighting (id, indicator, type, key, host) values (?, ?, ?, ?, ?)')
  const hostOf = openHostIds(db)
  const held = openHeld(db)
  let sought = openSought(db)
  let found = 0
  const note = (indicator: string, { type, key, host }: Observable) => {
    const id = sightingId({ indicator, host: hostOf(host), type: typeOfNumber(type), key })
    found += Number(insert.run(id, indicator, type, key, host).changes)
  }
  return {
    put(rows) {
      const added = rows.filter(({ id }) => isKnown.get(id) === undefined)
      for (const { id, type, value, until } of rows) upsert.run(id, type, value, until)
      sought.add(added)
    },
    meet({ type, value, key, host }) {
      for (const { id } of sought.match(type, value)) note(id, { type: typeNumber(type), key, host })
    },
    matchSome() {
      // The columns of the table, as `put` wrote them.
      const rows = fresh.all(mostAtOnce) as unknown as Held[]
      for (const row of rows) {
        for (const observable of held(row)) note(row.id, observable)
        settle.run(row.id)
      }
      return rows.length > 0
    },
    counts() {
      const row = count.get()
      return { indicators: Number(row?.indicators), ended: Number(row?.ended) }
    },
    takeFound() {
      const sum = found
      found = 0
      return sum
    },
    forget() {
      sought = openSought(db)
      found = 0
    },
  }
}

/** Ids of hosts by their numbers, which stand for good once they are committed. */
function openHostIds(db: DatabaseSync): (host: number) => string {
  const select = db.prepare('select id from value_host where no = ?')
  return (host) => String(select.get(host)?.id)
}

interface Observable {
  type: number
  key: string
  host: number
}

/** Finds the observables that an indicator meets: one place or one range of the table. */
function openHeld(db: DatabaseSync): (indicator: Held) => Iterable<Observable> {
  const range = db.prepare('select type, key, host from observable where type = ? and key between ? and ?')
  return ({ type, value }) => {
    const seen: SeenType = type === 'cidr' ? 'ip' : type
    const keys = rangeOf(type, value)
    // The columns of the table.
    return range.iterate(typeNumber(seen), keys.from, keys.to) as Iterable<unknown> as Iterable<Observable>
  }
}

function rangeOf(type: Held['type'], value: string): { from: string; to: string } {
  if (type === 'domain') return domainRange(value)
  const key = type === 'cidr' ? value : keyOf(type, value)
  return (type === 'cidr' ? networkRange(value) : undefined) ?? { from: key, to: key }
}
