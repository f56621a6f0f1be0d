import { refuse } from '../error.ts'

const pattern = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** An instant as it was entered, its zone kept. Throws `input-malformed`. */
export function parseInstant(text: string, label: string): string {
  const value = text.replace(' ', 'T')
  if (!pattern.test(text) || Number.isNaN(Date.parse(value)) || !isRealDay(value))
    throw refuse(
      'input-malformed',
      `${label}: enter date, time and zone, for example 2026-10-29T10:42Z or 2026-10-29T06:42-04:00.`,
    )
  return value
}

/** One instant, or two with a slash between them (ISO 8601). */
export function parseInterval(text: string, label: string): string {
  const [from = '', to, ...rest] = text.split('/').map((part) => part.trim())
  if (to === undefined) return parseInstant(from, label)
  if (rest.length > 0) throw refuse('input-malformed', `${label}: enter one time, or two with a slash between them.`)
  const interval = [parseInstant(from, label), parseInstant(to, label)] as const
  if (Date.parse(interval[0]) > Date.parse(interval[1]))
    throw refuse('input-malformed', `${label}: the end is before the beginning.`)
  return interval.join('/')
}

/** `Date.parse` turns 31 February into March; nobody means that. */
function isRealDay(value: string): boolean {
  const day = value.slice(0, 10)
  const parsed = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().slice(0, 10) === day
}
