import { stringify } from 'csv-stringify/sync'
import { visible } from './shown.ts'

export type Cell = string | number | null

/**
 * Lines of a CSV (RFC 4180) that a spreadsheet may open: a cell that would be read as a formula begins with an
 * apostrophe, and controls stand as text, so that a line is a row.
 */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? visible(cell) : (cell ?? '')))),
    { escape_formulas: true, record_delimiter: '\r\n' },
  )
}
