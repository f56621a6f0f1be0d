import type { Fact } from '@tidewaiter/protocol/api'
import { count } from '../../../ui/numbers.ts'
import { type Answer, secretField } from './editor.ts'

/** Fields with a beginning and an end, as one value with a slash (ISO 8601). */
export const intervalField = 'incident.occurredAt'

/** Times a legal clock runs from or stops at: a change needs its reason. */
export const clockFields: ReadonlySet<string> = new Set([
  'recordsBreach.discoveredAt',
  'notice.initial.sentAt',
  'notice.importerList.sentAt',
])

/** Kept by a button and not while typing: a clock runs from it, or it replaces a list that is not shown. */
export function isKeptOnPurpose(field: string): boolean {
  return clockFields.has(field) || field === secretField
}

/** Forms of an importer identification number (19 CFR 24.5). */
const importerNumber = /^(\d{2}-\d{7}([A-Z0-9]{2})?|\d{3}-\d{2}-\d{4}|\d{6}-\d{5})$/

/** The console takes so much (`SetFact`). What is longer is said to be, and never cut. */
const mostChars = { value: 20_000, reason: 2000 }

export type Checked =
  /** There is nothing to keep yet: a value is missing. */
  { kind: 'incomplete' } | { kind: 'fine' } | { kind: 'problem'; says: string }

/** Whether an answer can be given to the console, which decides; each problem says how to fix it. */
export function checkAnswer(fact: Fact, { state, value }: Answer): Checked {
  if (state === 'unanswered') return { kind: 'incomplete' }
  if (state !== 'answered') return { kind: 'fine' }
  if (value.trim() === '') return { kind: 'incomplete' }
  const tooLong = lengthProblem(value, 'value')
  if (tooLong !== undefined) return { kind: 'problem', says: tooLong }
  if (fact.field === secretField) return checkImporterNumbers(value)
  if (fact.field === intervalField) return checkInterval(value)
  return { kind: 'fine' }
}

/** What is wrong with the length of a text, and the fix; undefined when it fits. */
export function lengthProblem(text: string, part: keyof typeof mostChars): string | undefined {
  const most = mostChars[part]
  if (text.length <= most) return undefined
  return `This has ${count(text.length)} characters, and ${count(most)} can be saved. Shorten it.`
}

function checkImporterNumbers(text: string): Checked {
  const lines = text.split('\n').map((line) => line.trim().toUpperCase())
  const wrong = lines.findIndex((line) => line !== '' && !importerNumber.test(line))
  if (wrong < 0) return { kind: 'fine' }
  const digits = lines[wrong]?.replace(/\D/g, '').length ?? 0
  const says =
    digits === 9
      ? `Line ${wrong + 1} has 9 digits but not the form. Enter NN-NNNNNNN or NNN-NN-NNNN, for example 00-0000123.`
      : `Line ${wrong + 1} has ${digits} digits. Enter 9, for example 00-0000123, or 11 as YYDDPP-NNNNN.`
  return { kind: 'problem', says }
}

function checkInterval(value: string): Checked {
  const [from = '', to] = value.split('/')
  if (to === undefined || Date.parse(from) <= Date.parse(to)) return { kind: 'fine' }
  return { kind: 'problem', says: 'The end is before the beginning. Put the later time second.' }
}
