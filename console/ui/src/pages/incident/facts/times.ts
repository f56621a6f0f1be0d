import { emptyTime, readTyped, type TimePart, type TypedTime, typedFromValue } from '../../../ui/date-time.ts'

/** A time as it is typed, and the end of a span, which stays empty where it was one moment. */
export type TypedTimes = readonly [TypedTime, TypedTime]

export type ReadTimes =
  | { kind: 'empty' }
  /** One instant, or two with a slash between them (ISO 8601). */
  | { kind: 'value'; value: string }
  /** Which of the two, which part of it, and how to fix it. */
  | { kind: 'problem'; at: 0 | 1; part: TimePart; says: string }

export function typedTimes(value: string, zones: readonly string[]): TypedTimes {
  const [from = '', to = ''] = value.split('/')
  const typed = (text: string) => (text === '' ? emptyTime(zones[0] ?? 'UTC') : typedFromValue(text, zones))
  return [typed(from), typed(to)]
}

/** Never guesses: a part that is missing or wrong is named. */
export function readTimes(typed: TypedTimes): ReadTimes {
  const [from, to] = [readTyped(typed[0]), readTyped(typed[1])]
  if (from.kind === 'problem') return { ...from, at: 0 }
  if (to.kind === 'problem') return { ...to, at: 1 }
  if (from.kind === 'empty')
    return to.kind === 'empty'
      ? { kind: 'empty' }
      : { kind: 'problem', at: 0, part: 'month', says: 'Enter the beginning too.' }
  return { kind: 'value', value: to.kind === 'empty' ? from.value : `${from.value}/${to.value}` }
}
