import type { EventRow } from '@tidewaiter/protocol/api'
import { fieldOf } from '../../components/event-text.ts'

/** Events that arrived while a list was read: their number, and enough to know one from another. */
export interface Arrived {
  count: number
  seen: ReadonlySet<string>
}

export const nothingArrived: Arrived = { count: 0, seen: new Set() }

/** Ids kept to tell repeats; beyond that a repeat may be counted twice, which a number can bear. */
const mostSeen = 5_000

/** Those of one `event.category`; all of them without one. */
export function rowsOf(category: string | undefined, rows: readonly EventRow[]): readonly EventRow[] {
  if (category === undefined) return rows
  return rows.filter(({ document }) => {
    const categories = fieldOf(document, 'event.category')
    return Array.isArray(categories) ? categories.includes(category) : categories === category
  })
}

/** A message may come twice after a reconnect: a record counts once. `more` were left out by the server. */
export function addRows({ count, seen }: Arrived, rows: readonly EventRow[], more: number): Arrived {
  const fresh = rows.filter(({ record }) => !seen.has(record))
  const kept = seen.size > mostSeen ? new Set<string>() : new Set(seen)
  for (const { record } of fresh) kept.add(record)
  return { count: count + fresh.length + more, seen: kept }
}
