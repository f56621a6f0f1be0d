import type { Store } from '../../store/store.ts'
import type { Handles } from './handles.ts'

/** Who stands behind the numbers of the index, and how people call them. */
export interface Names {
  /** Numbers of a host; several where its chain forked. */
  numbersOf(host: string): readonly number[]
  hostOf(number: number): string | undefined
  sourceOf(number: number): string | undefined
  /** Numbers of hosts whose name or id fits the pieces, with anything between them. */
  hostsLike(pieces: readonly string[]): number[]
  sourcesLike(pieces: readonly string[]): number[]
  /** The name of a host in the store; its id where it has none. */
  nameOf(host: string): string
}

/** How long names of the store are taken to be what they were. */
const freshMs = 2000

export interface NameBook {
  /** The names as they are now. */
  now(): Promise<Names>
  /** Numbers may have been added. */
  stale(): void
  /** The index begins anew, and with it its numbers. */
  forget(): void
}

export function openNames(handles: Handles, store: Store): NameBook {
  const sources = new Map<number, string>()
  const hosts = new Map<number, string>()
  let names: Promise<Names> | undefined
  let readAtMs = 0
  const read = async (): Promise<Names> => {
    type Row = { no: number; id: string }
    await handles.events(async (db) => {
      // Numbers are only ever added, one after the other.
      for (const [table, known] of [['host', hosts] as const, ['source', sources] as const])
        for (const { no, id } of await db.all<Row>(`select no, id from ${table} where no > ? order by no`, [
          known.size,
        ]))
          known.set(no, id)
    })
    const stored = await store.selectFrom('host').select(['id', 'name']).orderBy('no').execute()
    return toNames({ hosts, sources, stored })
  }
  const stale = () => {
    names = undefined
  }
  return {
    now() {
      if (names !== undefined && Date.now() - readAtMs <= freshMs) return names
      readAtMs = Date.now()
      const reading = read()
      names = reading
      reading.catch(() => {
        if (names === reading) names = undefined
      })
      return reading
    },
    stale,
    forget() {
      stale()
      hosts.clear()
      sources.clear()
    },
  }
}

interface Known {
  hosts: ReadonlyMap<number, string>
  sources: ReadonlyMap<number, string>
  stored: readonly { id: string; name: string }[]
}

function toNames({ hosts, sources, stored }: Known): Names {
  const nameById = new Map(stored.map(({ id, name }) => [id, name]))
  const nameOf = (host: string) => nameById.get(host) ?? host
  return {
    hostOf: (number) => hosts.get(number),
    sourceOf: (number) => sources.get(number),
    numbersOf: (host) => numbersIn(hosts, (id) => withoutBranch(id) === host),
    hostsLike: (pieces) => {
      const fits = pattern(pieces)
      return numbersIn(hosts, (id) => fits(withoutBranch(id)) || fits(id) || fits(nameOf(withoutBranch(id))))
    },
    sourcesLike: (pieces) => numbersIn(sources, pattern(pieces)),
    nameOf,
  }
}

/** Events of a second branch of a fork stand under `<host>~<8 hex>`. */
export function withoutBranch(id: string): string {
  return id.split('~', 1)[0] ?? id
}

function numbersIn(all: ReadonlyMap<number, string>, fits: (id: string) => boolean): number[] {
  return Array.from(all).flatMap(([number, id]) => (fits(id) ? [number] : []))
}

/** Piece by piece from the left: there is nothing to go back to, so it ends in one pass. */
function pattern(pieces: readonly string[]): (text: string) => boolean {
  const [first = '', ...rest] = pieces.map((piece) => piece.toLowerCase())
  const last = rest.pop()
  return (text) => {
    const folded = text.toLowerCase()
    if (last === undefined) return folded === first
    if (!folded.startsWith(first) || !folded.endsWith(last) || folded.length < first.length + last.length) return false
    let at = first.length
    for (const piece of rest) {
      const found = folded.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    return at <= folded.length - last.length
  }
}
