import type { Row, Table, Value } from '../database.ts'

const mostHeld = 4096

/** Rows of a table by their numbers. Visits of one page follow each other: the last rows are kept. */
export function rowsByNumber(table: Table | undefined): (number: Value | undefined) => Row | undefined {
  const held = new Map<Value, Row | undefined>()
  return (number) => {
    if (number === undefined || number === null || number === 0) return undefined
    if (held.has(number)) return held.get(number)
    if (held.size >= mostHeld) held.clear()
    const row = table?.row(number)
    held.set(number, row)
    return row
  }
}
