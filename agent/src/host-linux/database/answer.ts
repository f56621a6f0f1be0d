import type { DatabaseCode, DatabaseView } from '../../host.ts'
import { mostRows, mostText } from './limits.ts'

/** Ends the asking of a server, or of one of its views. */
export class Unanswered extends Error {
  readonly code: DatabaseCode

  constructor(code: DatabaseCode, says: string) {
    super(says)
    this.code = code
  }
}

/** A view and what of it is handed over: whatever else a server sends is dropped. */
export interface Question {
  view: string
  sql: string
  /** Names, in the order of the view. */
  texts: readonly string[]
  /** Whole numbers, or with a fraction. */
  numbers: readonly string[]
}

/** Rows as a driver gave them, each value as text. Throws `answer-malformed`. */
export function toView({ view, texts, numbers }: Question, given: unknown): DatabaseView {
  if (!Array.isArray(given)) throw new Unanswered('answer-malformed', `${view} gave no rows.`)
  const rows = given.slice(0, mostRows).map((row: unknown) => {
    if (typeof row !== 'object' || row === null) throw new Unanswered('answer-malformed', `${view} gave a row of none.`)
    const values = new Map(Object.entries(row))
    const kept: Record<string, string | number> = {}
    for (const name of texts) keep(kept, name, toName(values.get(name)))
    for (const name of numbers) keep(kept, name, toNumber(values.get(name), `${view}.${name}`))
    return kept
  })
  if (given.length <= mostRows) return { view, rows }
  return { view, rows, missing: { code: 'rows-left-out', says: `Only the ${mostRows} rows that read most are taken.` } }
}

function keep(row: Record<string, string | number>, name: string, value: string | number | undefined): void {
  if (value !== undefined) row[name] = value
}

function toName(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value).slice(0, mostText)
}

/** Beyond 2^53 it stays text: every digit counts in a difference. Throws `answer-malformed`. */
function toNumber(value: unknown, what: string): string | number | undefined {
  if (value === null || value === undefined) return undefined
  const text = String(value)
  if (!/^-?\d{1,20}(\.\d{1,20})?$/.test(text)) throw new Unanswered('answer-malformed', `${what} is no number.`)
  const number = Number(text)
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number
}
