import { instantOf, offsetMinutes, offsetText, wallIn } from './time.ts'

/** A time as it is typed: parts as text, and the zone they are meant in. */
export interface TypedTime {
  month: string
  day: string
  year: string
  time: string
  zone: string
}

export type TimePart = Exclude<keyof TypedTime, 'zone'>

/** What was typed: nothing, an instant with its zone kept, or the part to fix and how. */
export type ReadTime =
  | { kind: 'empty' }
  | { kind: 'instant'; value: string }
  | { kind: 'problem'; part: TimePart; says: string }

const two = (value: number) => String(value).padStart(2, '0')

export function emptyTime(zone: string): TypedTime {
  return { month: '', day: '', year: '', time: '', zone }
}

export function typedFromMs(ms: number, zone: string): TypedTime {
  const { year, month, day, hour, minute } = wallIn(zone, ms)
  return { month: two(month), day: two(day), year: String(year), time: `${two(hour)}:${two(minute)}`, zone }
}

/** A stored value in the zone it was entered in, as far as that is one of `zones`; in UTC otherwise. */
export function typedFromValue(value: string, zones: readonly string[]): TypedTime {
  const ms = Date.parse(value)
  if (Number.isNaN(ms)) return emptyTime(zones[0] ?? 'UTC')
  const offset = value.endsWith('Z') ? 'Z' : value.slice(-6)
  const zone = zones.find((one) => (one === 'UTC' ? 'Z' : offsetText(offsetMinutes(one, ms))) === offset)
  return typedFromMs(ms, zone ?? 'UTC')
}

const pasted = /^\s*\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|UTC|[+-]\d{2}:\d{2})\s*$/

/** A whole time pasted into one of the parts; undefined when it is something else. */
export function typedFromPaste(text: string, zones: readonly string[]): TypedTime | undefined {
  if (!pasted.test(text)) return undefined
  const value = text
    .trim()
    .replace(' ', 'T')
    .replace(/\s?UTC$/, 'Z')
    .replace(' ', '')
  return Number.isNaN(Date.parse(value)) ? undefined : typedFromValue(value, zones)
}

/** Reads the parts: never throws, never guesses. */
export function readTyped({ month, day, year, time, zone }: TypedTime): ReadTime {
  const parts = { month: month.trim(), day: day.trim(), year: year.trim(), time: time.trim() }
  if (Object.values(parts).every((part) => part === '')) return { kind: 'empty' }
  const [hour, minute] = parts.time.split(':')
  const wrong = wrongPart(parts)
  if (wrong !== undefined) return { kind: 'problem', ...wrong }
  const wall = { year: +parts.year, month: +parts.month, day: +parts.day, hour: Number(hour), minute: Number(minute) }
  const instant = instantOf(wall, zone)
  if (instant === undefined) {
    const isDay = wall.day <= new Date(Date.UTC(wall.year, wall.month, 0)).getUTCDate()
    return isDay
      ? {
          kind: 'problem',
          part: 'time',
          says: 'This hour does not exist in that zone: the clocks go forward. Enter an hour later.',
        }
      : { kind: 'problem', part: 'day', says: 'This month has no such day.' }
  }
  const end = zone === 'UTC' ? 'Z' : offsetText(offsetMinutes(zone, Date.parse(instant)))
  return { kind: 'instant', value: `${parts.year}-${two(wall.month)}-${two(wall.day)}T${hour}:${minute}${end}` }
}

function wrongPart(parts: Record<TimePart, string>): { part: TimePart; says: string } | undefined {
  if (!/^(0?[1-9]|1[0-2])$/.test(parts.month))
    return { part: 'month', says: 'Enter the month as two digits, for example 03.' }
  if (!/^(0?[1-9]|[12]\d|3[01])$/.test(parts.day))
    return { part: 'day', says: 'Enter the day as two digits, for example 09.' }
  if (!/^(19|20)\d{2}$/.test(parts.year))
    return { part: 'year', says: 'Enter the year as four digits, for example 2026.' }
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(parts.time))
    return { part: 'time', says: 'Enter hour and minute, for example 14:22.' }
  return undefined
}
