import type { DatabaseSync } from 'node:sqlite'

/**
 * What is kept apart of one host. One that names sources or loses evidence without end makes no more: what is beyond
 * is said to be lost, as one.
 */
export const most = { sources: 5_000, spans: 20_000 }

/** How many spans there are of each host. */
export interface Room {
  isFull(host: number): boolean
  /** One more was put in. */
  take(host: number): void
  /** The transaction was given up. */
  forget(): void
}

export function openRoom(db: DatabaseSync): Room {
  const count = db.prepare('select count(*) as spans from source join span on span.source = source.no where host = ?')
  const taken = new Map<number, number>()
  const of = (host: number): number => {
    const spans = taken.get(host) ?? Number(count.get(host)?.spans)
    taken.set(host, spans)
    return spans
  }
  return {
    isFull: (host) => of(host) >= most.spans,
    take: (host) => void taken.set(host, of(host) + 1),
    forget: () => taken.clear(),
  }
}
