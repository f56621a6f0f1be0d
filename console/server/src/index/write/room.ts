import type { DatabaseSync } from 'node:sqlite'

/**
 * What is kept apart of one host, over its own chain and all branches beside it. One that names sources, loses evidence
 * or forks without end makes no more: what is beyond is said to be lost, as one.
 */
export const most = { sources: 5_000, spans: 20_000, branches: 20 }

/** How many spans there are of each host, asked by its chains. */
export interface Room {
  isFull(chain: number): boolean
  /** One more was put in. */
  take(chain: number): void
  /** The transaction was given up. */
  forget(): void
}

/** @param ownOf the host of a chain */
export function openRoom(db: DatabaseSync, ownOf: (chain: number) => number): Room {
  const count = db.prepare(
    `select count(*) as spans from host join source on source.host = host.no join span on span.source = source.no
     where host.no = ?1 or beside = ?1`,
  )
  const taken = new Map<number, number>()
  const of = (host: number): number => {
    const spans = taken.get(host) ?? Number(count.get(host)?.spans)
    taken.set(host, spans)
    return spans
  }
  return {
    isFull: (chain) => of(ownOf(chain)) >= most.spans,
    take: (chain) => void taken.set(ownOf(chain), of(ownOf(chain)) + 1),
    forget: () => taken.clear(),
  }
}
