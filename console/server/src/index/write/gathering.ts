import type { Clean } from '../clean.ts'
import { mostValue } from '../normal-value.ts'
import { keyOf, type SeenType, typeNumber } from '../observable-key.ts'
import { type Seen, valuesOf } from '../observables.ts'

/** One value on one host, as often as a transaction saw it. */
export interface Gathered extends Keyed {
  host: number
  count: number
  firstAt: number
  lastAt: number
  /** Record at the first and at the last time: position of its batch and its index in it, as one number. */
  firstPlace: number
  lastPlace: number
}

interface Keyed extends Seen {
  key: string
}

export interface SeenAt {
  host: number
  at: number
  /** Position of its batch and index of its record, as one number. */
  place: number
}

/** The values of the events of a transaction, each once. */
export interface Gathering {
  /** Where the values that follow are seen. */
  at(seen: SeenAt): void
  /** Returns what it stands for. @param raw as the event writes it */
  add(type: SeenType, raw: string): readonly Gathered[]
  /** All of them in the order of the table, so that each of its pages is changed once. */
  take(): Iterable<Gathered>
}

/** Values of one type on one host: by what they are, and by how events spell them; a spelling can stand for several values. */
interface Known {
  values: Map<string, Gathered>
  spelled: Map<string, readonly Gathered[]>
}

type OfHost = Map<SeenType, Known>

export function newGathering(clean: Clean): Gathering {
  let hosts = new Map<number, OfHost>()
  let seen: SeenAt = { host: -1, at: 0, place: 0 }
  /** Of the host of `seen`. */
  let known: OfHost = new Map()

  const knownOf = (type: SeenType): Known => {
    let of = known.get(type)
    if (of === undefined) {
      of = { values: new Map(), spelled: new Map() }
      known.set(type, of)
    }
    return of
  }
  const gather = ({ type, value }: Seen): Gathered => {
    const { values } = knownOf(type)
    const key = keyOf(type, value)
    let own = values.get(key)
    if (own === undefined) {
      own = begin({ type, value, key }, seen)
      values.set(key, own)
    }
    return own
  }
  return {
    at(next) {
      if (next.host !== seen.host) {
        known = hosts.get(next.host) ?? new Map()
        hosts.set(next.host, known)
      }
      seen = next
    },
    add(type, raw) {
      if (raw.length > mostValue) return []
      const { spelled } = knownOf(type)
      let values = spelled.get(raw)
      if (values === undefined) {
        values = valuesOf(type, clean(raw)).map(gather)
        spelled.set(raw, values)
      }
      for (const value of values) see(value, seen)
      return values
    },
    take() {
      const all = [...hosts.values()].flatMap((of) => [...of.values()].flatMap(({ values }) => [...values.values()]))
      hosts = new Map()
      known = new Map()
      seen = { host: -1, at: 0, place: 0 }
      return all.sort(inTable)
    },
  }
}

/** The order of the primary key; beyond ASCII, where texts of SQLite have another one, nearly. */
function inTable(a: Gathered, b: Gathered): number {
  if (a.type !== b.type) return typeNumber(a.type) - typeNumber(b.type)
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.host - b.host
}

function begin({ type, value, key }: Keyed, { host }: SeenAt): Gathered {
  const [firstAt, lastAt] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return { type, value, key, host, count: 0, firstAt, lastAt, firstPlace: 0, lastPlace: 0 }
}

function see(value: Gathered, { at, place }: SeenAt): void {
  value.count += 1
  if (at < value.firstAt) {
    value.firstAt = at
    value.firstPlace = place
  }
  // Of two at the same time the later record is the last one.
  if (at >= value.lastAt) {
    value.lastAt = at
    value.lastPlace = place
  }
}
