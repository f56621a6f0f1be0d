import type { Clean } from '../clean.ts'
import { mostValue } from '../normal-value.ts'
import { keyOf, type SeenType } from '../observable-key.ts'
import { type Seen, valuesOf } from '../observables.ts'
import { openMemory } from './remembered.ts'

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
  /** @param raw as the event writes it */
  add(type: SeenType, raw: string): void
  /** All of them in the order in which they were first seen. */
  take(): Iterable<Gathered>
}

/** Values of one host, by how events spell them; a spelling can stand for several values. */
type Spelled = Map<SeenType, Map<string, readonly Gathered[]>>

export function newGathering(clean: Clean): Gathering {
  const read = reader(clean)
  let hosts = new Map<number, Spelled>()
  let gathered = new Map<string, Gathered>()
  let seen: SeenAt = { host: -1, at: 0, place: 0 }
  /** Of the host of `seen`. */
  let spelled: Spelled = new Map()

  const gather = (keyed: Keyed): Gathered => {
    const name = `${seen.host} ${keyed.type} ${keyed.key}`
    const own = gathered.get(name) ?? begin(keyed, seen)
    gathered.set(name, own)
    return own
  }
  return {
    at(next) {
      if (next.host !== seen.host) {
        spelled = hosts.get(next.host) ?? new Map()
        hosts.set(next.host, spelled)
      }
      seen = next
    },
    add(type, raw) {
      if (raw.length > mostValue) return
      let spellings = spelled.get(type)
      if (spellings === undefined) {
        spellings = new Map()
        spelled.set(type, spellings)
      }
      let values = spellings.get(raw)
      if (values === undefined) {
        values = read(type, raw).map(gather)
        spellings.set(raw, values)
      }
      for (const value of values) see(value, seen)
    },
    take() {
      const all = gathered.values()
      hosts = new Map()
      gathered = new Map()
      spelled = new Map()
      seen = { host: -1, at: 0, place: 0 }
      return all
    },
  }
}

/** Reads spellings: what they stand for is the same on every host and in every transaction. */
function reader(clean: Clean): (type: SeenType, raw: string) => readonly Keyed[] {
  const memory = openMemory()
  const readers = new Map<SeenType, (raw: string) => readonly Keyed[]>()
  return (type, raw) => {
    let read = readers.get(type)
    if (read === undefined) {
      read = memory.of((text) =>
        valuesOf(type, clean(text)).map((value) => ({ ...value, key: keyOf(value.type, value.value) })),
      )
      readers.set(type, read)
    }
    return read(raw)
  }
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
