import { hash } from 'node:crypto'
import type { FindingTable } from '../store/tables.ts'

/** A finding of a subject that was published once; `row` is missing when it was withdrawn since. */
export type Published = Pick<FindingTable, 'id' | 'first_at' | 'last_at' | 'found_at'> & {
  aliases: readonly string[]
  row?: FindingTable
}

/** Beginning and end of an episode. */
export interface Span {
  fromMs: number
  toMs: number
}

/**
 * Which findings an episode is: the one in which they begin, or else the first that they reach into; undefined for
 * those that nothing shows any more. The one that was published first comes first.
 * @param episodes all of the subject, oldest first
 */
export function sharesOf<E extends Span>(
  episodes: readonly E[],
  published: readonly Published[],
): Map<E | undefined, Published[]> {
  const shares = new Map<E | undefined, Published[]>()
  for (const finding of published.toSorted((a, b) => compare(a.found_at, b.found_at) || compare(a.id, b.id))) {
    const first = Date.parse(finding.first_at)
    const last = Date.parse(finding.last_at)
    const episode =
      episodes.find(({ fromMs, toMs }) => first >= fromMs && first < toMs) ??
      episodes.find(({ fromMs, toMs }) => first < toMs && last >= fromMs)
    const there = shares.get(episode)
    if (there === undefined) shares.set(episode, [finding])
    else there.push(finding)
  }
  return shares
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Id of a new finding: who found what about whom, and the window in which it begins as it is published first. */
export function newFindingId(
  { detector, host, subject, fromMs }: { detector: string; host: string; subject: string; fromMs: number },
  isTaken: (id: string) => boolean,
): string {
  for (let attempt = 0; ; attempt++) {
    const parts = [detector, host, subject, fromMs, ...(attempt > 0 ? [attempt] : [])]
    const id = hash('sha256', JSON.stringify(parts)).slice(0, 32)
    if (!isTaken(id)) return id
  }
}
