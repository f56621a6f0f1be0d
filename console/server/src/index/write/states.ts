import type { DatabaseSync } from 'node:sqlite'

/** What is open in each source between two batches (`decode/batch.ts`), saved with the cursor. */
export interface States {
  of(host: number, source: string): string | undefined
  /** Ledger position of an earlier batch of which something is still open in the source. */
  positionOf(host: number, source: string, seq: number): number | undefined
  /** After a batch: what `decodeBatch` says is open in it now. */
  set(host: number, changed: ReadonlyMap<string, string | null>, batch: { seq: number; position: number }): void
  /** Writes what changed into the transaction. */
  save(): void
  /** The transaction was given up. */
  forget(): void
}

/** Batches that are kept in mind for one source: a line has at most 16 pieces, a group ends within seconds. */
const mostPlaces = 64

interface State {
  state: string
  /** Batches since something was left open: seq and position. */
  places: [seq: number, position: number][]
}

/** @param table `event_state` or `value_state`: each writer decodes by itself */
export function openStates(db: DatabaseSync, table: string): States {
  const select = db.prepare(`select state, places from ${table} where host = ? and source = ?`)
  const upsert = db.prepare(
    `insert into ${table} (host, source, state, places) values (?, ?, ?, ?)
     on conflict (host, source) do update set state = excluded.state, places = excluded.places`,
  )
  const remove = db.prepare(`delete from ${table} where host = ? and source = ?`)
  const known = new Map<string, State | undefined>()
  const changed = new Map<string, { host: number; source: string }>()

  const stateOf = (host: number, source: string): State | undefined => {
    const key = `${host} ${source}`
    if (!known.has(key)) known.set(key, parse(select.get(host, source)))
    return known.get(key)
  }
  return {
    of: (host, source) => stateOf(host, source)?.state,
    positionOf: (host, source, seq) => stateOf(host, source)?.places.find(([of]) => of === seq)?.[1],
    set(host, states, { seq, position }) {
      for (const [source, state] of states) {
        const before = stateOf(host, source)?.places ?? []
        const places = [...before, [seq, position] as [number, number]].slice(-mostPlaces)
        known.set(`${host} ${source}`, state === null ? undefined : { state, places })
        changed.set(`${host} ${source}`, { host, source })
      }
    },
    save() {
      for (const [key, { host, source }] of changed) {
        const now = known.get(key)
        if (now === undefined) remove.run(host, source)
        else upsert.run(host, source, now.state, JSON.stringify(now.places))
      }
      changed.clear()
      // Sources without anything open are asked for again: their number has no bound.
      for (const [key, state] of known) if (state === undefined) known.delete(key)
    },
    forget() {
      known.clear()
      changed.clear()
    },
  }
}

function parse(row: Record<string, unknown> | undefined): State | undefined {
  // Written by `save`.
  return row === undefined ? undefined : { state: String(row.state), places: JSON.parse(String(row.places)) }
}
