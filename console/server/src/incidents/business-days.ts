import { zoneOf } from '../decode/zone.ts'

const dayMs = 24 * 3_600_000

/** Business days that were counted, as the office has them. */
export interface BusinessDays {
  /** IANA zone. */
  zone: string
  /** `2026-10-30` ..., in their order. */
  days: string[]
  /** When the last of them ends, milliseconds UTC. */
  endMs: number
}

/**
 * The first business days after the day, in the zone of the office, on which something was done: neither weekends nor
 * federal holidays (5 U.S.C. 6103).
 */
export function businessDaysAfter(fromMs: number, { count, zone }: { count: number; zone: string }): BusinessDays {
  const offsets = zoneOf(zone)
  const known = offsets === undefined ? 'UTC' : zone
  // As if the day of the office were one of UTC: the calendar is the same.
  let day = Date.parse(new Intl.DateTimeFormat('en-CA', { timeZone: known }).format(fromMs))
  const days: string[] = []
  while (days.length < count) {
    day += dayMs
    if (isBusinessDay(new Date(day))) days.push(new Date(day).toISOString().slice(0, 10))
  }
  const midnight = day + dayMs
  const { minutes } = offsets?.(midnight) ?? { minutes: 0 }
  return { zone: known, days, endMs: midnight - minutes * 60_000 - 1 }
}

function isBusinessDay(date: Date): boolean {
  const weekday = date.getUTCDay()
  return weekday !== 0 && weekday !== 6 && !isFederalHoliday(date)
}

function isFederalHoliday(date: Date): boolean {
  const year = date.getUTCFullYear()
  const day = date.toISOString().slice(0, 10)
  // New Year's Day of the next year may be observed on 31 December of this one.
  return [...holidaysOf(year), ...holidaysOf(year + 1)].includes(day)
}

function holidaysOf(year: number): string[] {
  const fixed = [
    [1, 1],
    [6, 19],
    [7, 4],
    [11, 11],
    [12, 25],
  ] as const
  const floating = [
    nth(year, 1, 1, 3),
    nth(year, 2, 1, 3),
    last(year, 5, 1),
    nth(year, 9, 1, 1),
    nth(year, 10, 1, 2),
    nth(year, 11, 4, 4),
  ]
  return [...fixed.map(([month, day]) => observed(new Date(Date.UTC(year, month - 1, day)))), ...floating]
}

/** A fixed holiday on a Saturday is observed the Friday before, on a Sunday the Monday after. */
function observed(date: Date): string {
  const shift = date.getUTCDay() === 6 ? -1 : date.getUTCDay() === 0 ? 1 : 0
  return new Date(date.getTime() + shift * dayMs).toISOString().slice(0, 10)
}

/** The nth given weekday (0 Sunday) of a month. */
function nth(year: number, month: number, weekday: number, n: number): string {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay()
  return new Date(Date.UTC(year, month - 1, 1 + ((weekday - first + 7) % 7) + (n - 1) * 7)).toISOString().slice(0, 10)
}

function last(year: number, month: number, weekday: number): string {
  const end = new Date(Date.UTC(year, month, 0))
  return new Date(end.getTime() - ((end.getUTCDay() - weekday + 7) % 7) * dayMs).toISOString().slice(0, 10)
}
