import { CsvError, parse } from 'csv-parse/sync'
import { refuse } from '../../error.ts'
import { openReader, type Reading } from '../reading.ts'
import { type Columns, isValue, namedColumns } from './csv-columns.ts'
import { type Row, readRow } from './csv-row.ts'
import { typeNamed } from './type-words.ts'

const mostRecord = 65_536
const delimiters = [',', ';', '\t', '|'] as const

/**
 * Comma, semicolon, tab or bar between columns in any order, with a line of names or without one; lines that begin
 * with `#` are left out. Throws `indicator-file-refused` for what cannot be cut into rows.
 */
export function readCsv(text: string): Reading {
  const reader = openReader()
  const rows: Row[] = []
  let columns: Columns | undefined
  // The second row decides what the first one is.
  const readFirst = () => {
    const [first, second] = rows
    if (first === undefined) return
    columns = namedColumns(first.cells, second?.cells)
    for (const row of columns === undefined ? rows : rows.slice(1)) readRow(reader, row, columns)
  }
  eachRow(text, (row) => {
    if (rows.length === 2) return readRow(reader, row, columns)
    if (rows.push(row) === 2) readFirst()
  })
  if (rows.length === 1) readFirst()
  return reader.done()
}

/**
 * True when the first lines have the same columns and a value in one of them, or a first line of names we know. A line
 * that is alone has columns when one of its cells says of what type another is.
 */
export function looksLikeCsv(text: string): boolean {
  const first = firstLines(text, 5)
  const delimiter = delimiterOf(first[0])
  const rows = first.map((line) => (delimiter === undefined ? [line] : line.split(delimiter)))
  const [head] = rows
  if (head === undefined) return false
  if (rows.length === 1) return head.some((cell) => typeNamed(cell) !== undefined) && head.some(isValue)
  if (namedColumns(head, rows[1]) !== undefined) return true
  const areColumns = head.length > 1 && rows.every((cells) => cells.length === head.length)
  return areColumns && rows.some((cells) => cells.some(isValue))
}

/** The first lines that are neither empty nor a comment. */
function firstLines(text: string, most: number): string[] {
  return text
    .slice(0, mostRecord)
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'))
    .slice(0, most)
}

function delimiterOf(head = ''): (typeof delimiters)[number] | undefined {
  const count = (delimiter: string) => head.split(delimiter).length
  const best = delimiters.reduce((most, next) => (count(next) > count(most) ? next : most))
  return count(best) > 1 ? best : undefined
}

/** Gives the rows one by one, so that a file of which nothing can be taken ends early. */
function eachRow(text: string, take: (row: Row) => void): void {
  const options = {
    bom: true,
    delimiter: delimiterOf(firstLines(text, 1)[0]) ?? ',',
    comment: '#',
    comment_no_infix: true,
    max_record_size: mostRecord,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    on_record(cells: string[], { lines }: { lines: number }) {
      take({ line: lines, cells })
      return null
    },
  }
  try {
    parse(text, options)
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    throw refuse('indicator-file-refused', `This cannot be read as CSV: ${cause.message}`, { cause })
  }
}
