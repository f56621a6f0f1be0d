import { type RawBuilder, SqliteAdapter, sql } from 'kysely'
import type { Store } from './store.ts'

/**
 * Rows handed over as one JSON text (an array of arrays), as a table `given` with one column: `given.value->>0` is the
 * first of a row. One parameter a statement: bound one by one, thousands of rows would cost more than writing them.
 */
export function jsonRows(store: Store, json: string): RawBuilder<unknown> {
  return store.getExecutor().adapter instanceof SqliteAdapter
    ? sql`json_each(${json}) as given`
    : sql`jsonb_array_elements(${json}::jsonb) as given(value)`
}
