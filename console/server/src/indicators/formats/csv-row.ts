import { normalValue } from '../../index/normal-value.ts'
import type { Draft, Reader } from '../reading.ts'
import { type About, type Columns, isValue, mostColumns } from './csv-columns.ts'
import { guess } from './guess.ts'
import { refang } from './refang.ts'
import { toTime } from './time.ts'
import { toTlp } from './tlp.ts'
import { type Named, typeNamed, whyUnobserved } from './type-words.ts'

export interface Row {
  /** From 1; of a row in several lines the last. */
  line: number
  cells: readonly string[]
}

/** Takes a row: by the names of its columns, or by what its cells look like. */
export function readRow(reader: Reader, row: Row, columns: Columns | undefined): void {
  if (row.cells.length > mostColumns)
    reader.refuse({ line: row.line, value: row.cells.join(','), why: `The row has more than ${mostColumns} cells.` })
  else if (columns === undefined) readUnnamed(reader, row)
  else readNamed(reader, row, columns)
}

function readNamed(reader: Reader, { line, cells }: Row, columns: Columns): void {
  const cell = (name: About) => cells[columns.about[name] ?? -1] ?? ''
  const said = describe(reader, line, cell)
  const filled = columns.values.filter(({ column }) => (cells[column] ?? '') !== '')
  if (filled.length === 0) reader.refuse({ line, value: cells.join(','), why: 'The row has no value.' })
  for (const { column, type } of filled) {
    const word = columns.about.value === column ? cell('type') : ''
    take(reader, { line, text: cells[column] ?? '', type: typeNamed(word) ?? type, word, said })
  }
}

/**
 * Without names the first cell that can be told is the value, and a cell that names a type says what it is. Other cells
 * that look like values stay notes: a feed names the page of its report too.
 */
function readUnnamed(reader: Reader, { line, cells }: Row): void {
  const typed = cells.findIndex((cell) => typeNamed(cell) !== undefined)
  const told = cells.map((cell, at) => at !== typed && isValue(cell))
  const column = valueColumn(cells, told, typed)
  const others = cells.filter((cell, at) => at !== column && at !== typed && cell !== '').join(', ')
  const text = cells[column]
  if (text === undefined) {
    reader.refuse({ line, value: others, why: 'No cell of this row is an indicator that can be told.' })
    return
  }
  const word = cells[typed] ?? ''
  take(reader, { line, text, type: typeNamed(word) ?? 'guess', word, said: others === '' ? {} : { note: others } })
  if (told.filter(Boolean).length > 1)
    reader.warn({ line, value: others, why: 'Only the first value of a row is taken when its columns have no names.' })
}

/** The first cell that can be told; else one that may be a file or a path; else what stands beside the name of a type. */
function valueColumn(cells: readonly string[], told: readonly boolean[], typed: number): number {
  const strong = told.indexOf(true)
  if (strong >= 0) return strong
  const weak = cells.findIndex((cell, at) => at !== typed && guess(cell) !== undefined)
  return weak < 0 && typed >= 0 ? cells.findIndex((cell, at) => at !== typed && cell !== '') : weak
}

interface Cell {
  line: number
  text: string
  type: Named
  /** How the file names the type. */
  word: string
  said: Partial<Draft>
}

/** A value that is of the type its column names is taken as such; of any other its look says what it is. */
function take(reader: Reader, { line, text, type, word, said }: Cell): void {
  const value = refang(text)
  const isTyped = type !== 'guess' && type !== 'unobserved' && normalValue(type, value) !== undefined
  const guessed = isTyped || type === 'unobserved' ? undefined : guess(text)
  if (guessed !== undefined) {
    reader.take({ ...said, line, type: guessed.type, value: guessed.value, as: text })
    if (guessed.warns !== undefined) reader.warn({ line, value: text, why: guessed.warns })
  } else if (type !== 'guess' && type !== 'unobserved') reader.take({ ...said, line, type, value, as: text })
  else if (word !== '') reader.leaveOut({ line, value: text, why: whyUnobserved(word) })
  else reader.refuse({ line, value: text, why: 'What this is cannot be told. Add a column `type`.' })
}

/** What words for confidence mean as a number (STIX 2.1, appendix A). */
const confidences: ReadonlyMap<string, number> = new Map([
  ['none', 0],
  ['low', 15],
  ['med', 50],
  ['medium', 50],
  ['high', 85],
])

function describe(reader: Reader, line: number, cell: (name: About) => string): Partial<Draft> {
  const said: Partial<Draft> = {}
  const wrong = (name: About) => reader.warn({ line, value: cell(name), why: `Not understood as ${name}: left out.` })
  const confidence = toConfidence(cell('confidence'))
  if (confidence !== undefined) said.confidence = confidence
  else if (cell('confidence') !== '') wrong('confidence')
  const tlp = toTlp(cell('tlp'))
  if (tlp !== undefined) said.tlp = tlp
  else if (cell('tlp') !== '') wrong('tlp')
  for (const name of ['validFrom', 'validUntil'] as const) {
    const time = toTime(cell(name))
    if (time !== undefined) said[name] = time
    else if (cell(name) !== '') wrong(name)
  }
  if (cell('note') !== '') said.note = cell('note')
  return said
}

function toConfidence(text: string): number | undefined {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : confidences.get(text.toLowerCase())
  return number !== undefined && number <= 100 ? number : undefined
}
