import { useMemo, useState } from 'react'

export interface Held<Row> {
  /** What is shown: the rows that were there, as they are now. */
  rows: Row[]
  /** How many others wait. */
  waiting: number
}

/**
 * A list that somebody reads does not move: rows stay where they were, with what is new in them; those that came later
 * wait. A row that no longer belongs stays until the list is shown anew, and one that is gone altogether goes.
 */
export function holdRows<Row>(
  shown: readonly string[],
  wanted: readonly Row[],
  all: readonly Row[],
  keyOf: (row: Row) => string,
): Held<Row> {
  const byKey = new Map(all.map((row) => [keyOf(row), row]))
  const held = new Set(shown)
  return {
    rows: shown.flatMap((key) => byKey.get(key) ?? []),
    waiting: wanted.filter((row) => !held.has(keyOf(row))).length,
  }
}

/** `wanted` of `all`, held as described above until `show` is called or `filter` (what was asked for) changes. */
export function useHeldRows<Row>(
  { wanted, all, filter }: { wanted: readonly Row[]; all: readonly Row[]; filter: string },
  keyOf: (row: Row) => string,
): Held<Row> & { show: () => void } {
  // An empty list is not being read: what comes first is shown at once.
  const moment = `${filter}\n${all.length > 0}`
  const take = () => ({ moment, keys: wanted.map(keyOf) })
  const [shown, setShown] = useState(take)
  if (shown.moment !== moment) setShown(take())
  const held = useMemo(() => holdRows(shown.keys, wanted, all, keyOf), [shown, wanted, all, keyOf])
  return { ...held, show: () => setShown(take()) }
}
