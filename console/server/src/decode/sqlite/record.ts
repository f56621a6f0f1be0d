import { Damaged } from '../damaged.ts'
import type { Value } from '../database.ts'
import { type Cursor, type Encoding, length, lengthOf, valueAt } from './scalar.ts'

/** SQLite allows no more columns (SQLITE_MAX_COLUMN). */
const mostColumns = 32_767

/**
 * Values of a record (https://www.sqlite.org/fileformat2.html, 2.1): first their types, then they themselves. Of a payload
 * that is cut, those that are there. Throws `Damaged`.
 */
export function readRecord(payload: Buffer, { encoding, isCut }: { encoding: Encoding; isCut: boolean }): Value[] {
  const cursor: Cursor = { bytes: payload, at: 0 }
  const head = length(cursor)
  if (head > payload.length) throw new Damaged('ends-early', 'A row ends before its types do.')
  const values: Value[] = []
  let at = head
  while (cursor.at < head) {
    const type = length(cursor)
    const size = lengthOf(type)
    const isThere = at + size <= payload.length
    if (!isThere && !isCut) throw new Damaged('ends-early', 'A row ends before its values do.')
    if (!isThere && (type < 12 || at >= payload.length)) break
    if (values.length >= mostColumns) throw new Damaged('too-many', 'A row has more values than a table has columns.')
    values.push(valueAt(payload, at, { type, encoding }))
    at += size
  }
  return values
}
