import type { Database, Row } from './database.ts'
import type { Event } from './decoder.ts'

/** True when there is a table of this name with all of these columns. */
export function hasColumns(database: Database, name: string, columns: readonly string[]): boolean {
  const table = database.table(name)
  return table !== undefined && columns.every((column) => table.columns.includes(column))
}

/** The text of a column; undefined where it has none. */
export function textOf(row: Row | undefined, column: string): string | undefined {
  const value = row?.values.get(column)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The number of a column; undefined where it has none. Beyond 2^53 the nearest one. */
export function numberOf(row: Row | undefined, column: string): number | undefined {
  const value = row?.values.get(column)
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
}

/** What every event of a row has in `tidewaiter`. */
export function rowPlace({ records, isCut }: Row, { about }: Database): Event['tidewaiter'] {
  const place: Event['tidewaiter'] = { record: records[0], database: about }
  if (records.length > 1) place.records = records
  if (isCut) place.cut = true
  return place
}
