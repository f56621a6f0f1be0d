import type { DecodeContext, EventTime } from './decoder.ts'
import { daysIn, type Written } from './written.ts'
import { type Offset, zoneOf } from './zone.ts'

const day = 86_400_000

/** Where a written time lies: `at` is RFC 3339 in UTC, absent when year or zone stay unknown. */
interface Placed {
  at?: string
  /** How it was completed; absent when the source gave the full instant. */
  time?: EventTime
}

/** Completes written times from what was sealed beside them, and from nothing else (`evidence.md` 10). */
export type Timeline = (raw: string, written: Written) => Placed

export function timeline(context: DecodeContext): Timeline {
  const place = completer(context)
  let lastRaw = ''
  let last: Placed = {}
  return (raw, written) => {
    if (written.year !== undefined && written.offset !== undefined) return fullInstant(raw, written)
    // Lines of one second come one after another.
    if (raw === lastRaw) return last
    lastRaw = raw
    last = place(raw, written)
    return last
  }
}

function fullInstant(raw: string, written: Written): Placed {
  const at = utc(written, { year: written.year ?? 0, minutes: written.offset ?? 0 })
  return at === undefined ? { time: { raw } } : { at }
}

/** Year and offset of a written time, and how they were found. */
interface Completion {
  year: number
  minutes: number
  basis: NonNullable<EventTime['basis']>
}

function completer(context: DecodeContext): (raw: string, written: Written) => Placed {
  const complete = perDay(completion(context))
  return (raw, written) => {
    const found = complete(written)
    const at = found && utc(written, found)
    return found === undefined || at === undefined ? { time: { raw } } : { at, time: { raw, basis: found.basis } }
  }
}

type Complete = (written: Written) => Completion | undefined

function completion(context: DecodeContext): Complete {
  const { zone } = context
  const offsetAt = zone && offsets(zone)
  if (zone === undefined || offsetAt === undefined) return () => undefined
  const toUtc = (local: number) => local - offsetAt(local).minutes * 60_000
  return (written) => {
    const year = written.year ?? context.year ?? latestYear(written, context.latest?.ms, toUtc)
    if (year === undefined || written.day > daysIn(written.month, year)) return undefined
    const { minutes, occurs } = offsetAt(localMs(written, year))
    return { year, minutes, basis: { ...yearBasis(written, context), zone: zoneBasis(zone, occurs) } }
  }
}

/** Most days lie in one year and have one offset from their first to their last second: these are found once. */
function perDay(complete: Complete): Complete {
  const days = new Map<number, Completion | 'differs'>()
  return (written) => {
    const number = ((written.year ?? 0) * 16 + written.month) * 32 + written.day
    let day = days.get(number)
    if (day === undefined) {
      day = ofWholeDay(written, complete)
      if (days.size >= 1000) days.clear()
      days.set(number, day)
    }
    return day === 'differs' ? complete(written) : day
  }
}

function ofWholeDay(written: Written, complete: Complete): Completion | 'differs' {
  const first = complete({ ...written, hour: 0, minute: 0, second: 0 })
  const last = complete({ ...written, hour: 23, minute: 59, second: 60 })
  const same = first?.year === last?.year && first?.minutes === last?.minutes && first?.basis.zone === last?.basis.zone
  return same && first !== undefined ? first : 'differs'
}

type GivenZone = NonNullable<DecodeContext['zone']>

/** Offset of a local time: by the rules of the zone, else the one offset that is known; undefined without either. */
function offsets({ name, offsetMinutes }: GivenZone): ((local: number) => Offset) | undefined {
  const rules = name === undefined ? undefined : zoneOf(name)
  if (rules !== undefined) return (local) => rules(local, offsetMinutes)
  return offsetMinutes === undefined ? undefined : () => ({ minutes: offsetMinutes, occurs: 'once' })
}

function localMs({ month, day: date, hour, minute, second }: Written, year: number): number {
  return Date.UTC(year, month - 1, date, hour, minute, second)
}

/** The latest year in which the date exists and is not after `latest` plus a day. */
function latestYear(
  written: Written,
  latest: number | undefined,
  toUtc: (local: number) => number,
): number | undefined {
  if (latest === undefined) return undefined
  const newest = new Date(latest + 2 * day).getUTCFullYear()
  // February 29 comes after at most eight years.
  for (let year = newest; year > newest - 10; year--)
    if (written.day <= daysIn(written.month, year) && toUtc(localMs(written, year)) <= latest + day) return year
  return undefined
}

function yearBasis(written: Written, context: DecodeContext): { year?: string } {
  if (written.year !== undefined) return {}
  return { year: context.year !== undefined ? 'given by hand' : (context.latest?.basis ?? '') }
}

function zoneBasis({ name, offsetMinutes, basis }: GivenZone, occurs: Offset['occurs']): string {
  if (name !== undefined && zoneOf(name) !== undefined) return `${name}, ${basis}${choices[occurs]}`
  const unknown = name === undefined ? '' : ', its zone name is not known here'
  return `${offsetText(offsetMinutes ?? 0)}, ${basis}${unknown}`
}

const choices: Record<Offset['occurs'], string> = {
  once: '',
  twice: '; this hour occurred twice, the offset sealed with the batch or else the earlier one was taken',
  never: '; this hour did not occur, the offset before the change was taken',
}

function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

const two = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))

/** RFC 3339 in UTC of a written time, with its fraction as it was written; undefined beyond the years of RFC 3339. */
function utc(written: Written, { year, minutes }: { year: number; minutes: number }): string | undefined {
  const { month, day: date, hour, minute, second, fraction } = written
  // A leap second is the first of the next minute.
  if (second > 59) return instant((localMs(written, year) - minutes * 60_000) / 1000, fraction)
  const ofDay = hour * 60 + minute - minutes
  const shift = ofDay < 0 ? -1 : ofDay < 1440 ? 0 : 1
  const days = dateText(year, month, date + shift)
  if (days === undefined) return undefined
  const rest = ofDay - shift * 1440
  const text = `${days}T${two[Math.floor(rest / 60)]}:${two[rest % 60]}:${two[second]}`
  return fraction === '' ? `${text}Z` : `${text}.${fraction}Z`
}

let dateNumber = Number.NaN
let lastDate: string | undefined

/** `2026-11-24`; the day may be one before or after its month. */
function dateText(year: number, month: number, date: number): string | undefined {
  const number = (year * 16 + month) * 64 + date
  if (number !== dateNumber) {
    dateNumber = number
    lastDate = instant(Date.UTC(year, month - 1, date) / 1000, '')?.slice(0, 10)
  }
  return lastDate
}

const firstSecond = Date.parse('0000-01-01T00:00:00Z') / 1000
const lastSecond = Date.parse('9999-12-31T23:59:59Z') / 1000

/** RFC 3339 of seconds since 1970 and the digits of their fraction; undefined beyond its years. */
export function instant(seconds: number, fraction: string): string | undefined {
  if (!(seconds >= firstSecond && seconds <= lastSecond)) return undefined
  const text = new Date(seconds * 1000).toISOString().slice(0, -5)
  return fraction === '' ? `${text}Z` : `${text}.${fraction}Z`
}
