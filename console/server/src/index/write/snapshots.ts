import type { DatabaseSync } from 'node:sqlite'

/** Which sources are snapshots: what they say is true at its time, and nobody can read later what it was in between. */
export interface Snapshots {
  add(source: number): void
  has(source: number): boolean
  /** The transaction was given up. */
  forget(): void
}

/** Sources that are kept in mind from one transaction to the next. */
const mostKnown = 100_000

export function openSnapshots(db: DatabaseSync): Snapshots {
  const insert = db.prepare('insert or ignore into snapshot (source) values (?)')
  const select = db.prepare('select 1 from snapshot where source = ?')
  const known = new Set<number>()
  return {
    add(source) {
      if (known.has(source)) return
      insert.run(source)
      if (known.size >= mostKnown) known.clear()
      known.add(source)
    },
    has: (source) => known.has(source) || select.get(source) !== undefined,
    forget: () => known.clear(),
  }
}
