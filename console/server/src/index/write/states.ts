import type { DatabaseSync } from 'node:sqlite'

/** What is open in each source between two batches (`decode/batch.ts`), saved with the cursor. */
export interface States {
  of(host: number, source: string): string | undefined
  /** Ledger position of an earlier batch of which something is still open in the source. */
  positionOf(host: number, source: string, seq: number): number | undefined
  /**
   * After a batch: what `decodeBatch` says is open in it now. Returns what is open on the host beyond what is kept of
   * one, the sources first of which nothing came for longest: it is forgotten.
   */
  set(host: number, changed: ReadonlyMap<string, string | null>, batch: StatesBatch): Dropped[]
  /** Nothing comes of this host any more: returns what was open of it, which is forgotten. */
  end(host: number, position: number): Dropped[]
  /** Writes what changed into the transaction. */
  save(): void
  /** The transaction was given up. */
  forget(): void
}

interface StatesBatch {
  seq: number
  position: number
  /** Sources of its records. */
  sources: readonly string[]
}

/** Batches since something was left open. */
type Places = [seq: number, position: number][]

export interface Dropped {
  source: string
  state: string
  places: Places
}

/** Batches that are kept in mind for one source: a line has at most 16 pieces, a group ends within seconds. */
const mostPlaces = 64
/** Kept of one host. Bytes are those of names and states: a line has some hundred, groups have up to 64 KiB. */
export const mostOpen = { sources: 1_000, bytes: 4 * 1024 * 1024 }
/** Kept in mind from one transaction to the next; beyond it is asked for again. */
const mostKnown = { states: 20_000, characters: 32 * 1024 * 1024 }

interface State {
  state: string
  places: Places
}

/** @param table `event_state` or `value_state`: each writer decodes by itself */
export function openStates(db: DatabaseSync, table: string): States {
  const select = db.prepare(`select state, places from ${table} where host = ? and source = ?`)
  const upsert = db.prepare(
    `insert into ${table} (host, source, position, state, places) values (?, ?, ?, ?, ?)
     on conflict (host, source) do update
     set position = excluded.position, state = excluded.state, places = excluded.places`,
  )
  const remove = db.prepare(`delete from ${table} where host = ? and source = ?`)
  const order = openOrder(db, table)
  const known = new Map<string, State | undefined>()
  const changed = new Map<string, { host: number; source: string; position: number }>()

  const stateOf = (host: number, source: string): State | undefined => {
    const key = `${host} ${source}`
    if (!known.has(key)) known.set(key, parse(select.get(host, source)))
    return known.get(key)
  }
  const put = (host: number, source: string, position: number, state: State | undefined) => {
    known.set(`${host} ${source}`, state)
    changed.set(`${host} ${source}`, { host, source, position })
    order.put(host, source, state === undefined ? undefined : bytesOf(source, state.state))
  }
  return {
    of: (host, source) => stateOf(host, source)?.state,
    positionOf: (host, source, seq) => positionIn(stateOf(host, source)?.places ?? [], seq),
    set(host, states, { seq, position, sources }) {
      for (const source of sources.toSorted()) {
        const before = stateOf(host, source)
        // What did not change is of use still.
        const after = states.has(source) ? goneOn(before, states.get(source), [seq, position]) : before
        if (before !== undefined || after !== undefined) put(host, source, position, after)
      }
      const dropped: Dropped[] = []
      for (let source = order.beyond(host); source !== undefined; source = order.beyond(host)) {
        const state = stateOf(host, source)
        put(host, source, position, undefined)
        if (state !== undefined) dropped.push({ source, ...state })
      }
      return dropped
    },
    end(host, position) {
      return order.sourcesOf(host).flatMap((source) => {
        const state = stateOf(host, source)
        put(host, source, position, undefined)
        return state === undefined ? [] : [{ source, ...state }]
      })
    },
    save() {
      for (const [key, { host, source, position }] of changed) {
        const now = known.get(key)
        if (now === undefined) remove.run(host, source)
        else upsert.run(host, source, position, now.state, JSON.stringify(now.places))
      }
      changed.clear()
      order.save()
      // Sources without anything open are asked for again: their number has no bound.
      for (const [key, state] of known) if (state === undefined) known.delete(key)
      const characters = [...known.values()].reduce((sum, state) => sum + (state?.state.length ?? 0), 0)
      if (known.size > mostKnown.states || characters > mostKnown.characters) known.clear()
    },
    forget() {
      known.clear()
      changed.clear()
      order.forget()
    },
  }
}

function goneOn(before: State | undefined, state: string | null | undefined, place: Places[number]): State | undefined {
  if (state === undefined || state === null) return undefined
  return { state, places: [...(before?.places ?? []), place].slice(-mostPlaces) }
}

/** Where the batch of this number lies, as far as it is kept in mind. */
export function positionIn(places: Readonly<Places>, seq: number): number | undefined {
  return places.find(([of]) => of === seq)?.[1]
}

/** Sources of one host with something open, by when something came of them last, and what they take. */
interface Open {
  sources: Map<string, number>
  bytes: number
}

/** The same from one run to another: by the batches of the ledger, and within one of them by name. */
function openOrder(db: DatabaseSync, table: string) {
  const select = db.prepare(
    `select source, position, length(cast(source as blob)) + length(cast(state as blob)) as bytes from ${table} where host = ?`,
  )
  const hosts = new Map<number, Open>()
  const openOf = (host: number): Open => {
    const open = hosts.get(host) ?? toOpen(select.all(host))
    hosts.set(host, open)
    return open
  }
  return {
    /** @param bytes undefined where nothing is open any more */
    put(host: number, source: string, bytes: number | undefined) {
      const open = openOf(host)
      open.bytes += (bytes ?? 0) - (open.sources.get(source) ?? 0)
      open.sources.delete(source)
      if (bytes !== undefined) open.sources.set(source, bytes)
    },
    /** The source that goes first, where there is more than is kept. */
    beyond(host: number): string | undefined {
      const { sources, bytes } = openOf(host)
      const [oldest] = sources.keys()
      return sources.size > mostOpen.sources || bytes > mostOpen.bytes ? oldest : undefined
    },
    /** The sources first of which nothing came for longest. */
    sourcesOf: (host: number): string[] => [...openOf(host).sources.keys()],
    save() {
      const sources = [...hosts.values()].reduce((sum, open) => sum + 1 + open.sources.size, 0)
      if (sources > mostKnown.states) hosts.clear()
    },
    forget: () => hosts.clear(),
  }
}

function toOpen(rows: readonly Record<string, unknown>[]): Open {
  const all = rows.map(({ source, position, bytes }) => ({
    source: String(source),
    position: Number(position),
    bytes: Number(bytes),
  }))
  // Not by the database: its order of texts is another one.
  all.sort((a, b) => a.position - b.position || (a.source < b.source ? -1 : 1))
  return {
    sources: new Map(all.map(({ source, bytes }) => [source, bytes])),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

function bytesOf(source: string, state: string): number {
  return Buffer.byteLength(source) + Buffer.byteLength(state)
}

function parse(row: Record<string, unknown> | undefined): State | undefined {
  // Written by `save`.
  return row === undefined ? undefined : { state: String(row.state), places: JSON.parse(String(row.places)) }
}
