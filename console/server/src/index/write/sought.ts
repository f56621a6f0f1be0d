import type { DatabaseSync } from 'node:sqlite'
import { createMatcher, type Matcher, type Sought } from '../../indicators/match.ts'
import type { SeenType } from '../observable-key.ts'

/** An indicator as it is matched. */
export interface Held extends Sought {
  id: string
}

/** All indicators in memory: many in one matcher, those that came since in another one, which is made again for each. */
export interface AllSought {
  /** Takes new ones; they are in the table. */
  add(rows: readonly Held[]): void
  match(type: SeenType, value: string): readonly Held[]
}

const fewest = 20_000

/** Reads them from table `indicator`. */
export function openSought(db: DatabaseSync): AllSought {
  let many = readAll(db)
  let few: Held[] = []
  let since: Matcher<Held> | undefined
  return {
    add(rows) {
      for (const { id, type, value } of rows) few.push({ id, type, value })
      since = undefined
    },
    match(type, value) {
      if (few.length > Math.max(fewest, many.size / 4)) {
        many = readAll(db)
        few = []
      }
      const found = many.match(type, value)
      if (few.length === 0) return found
      since ??= createMatcher(few)
      const more = since.match(type, value)
      return more.length === 0 ? found : [...found, ...more]
    },
  }
}

function readAll(db: DatabaseSync): Matcher<Held> {
  const rows = db.prepare('select id, type, value from indicator').iterate()
  // The columns of the table, as `openIndicators` wrote them.
  return createMatcher(rows as Iterable<unknown> as Iterable<Held>)
}
