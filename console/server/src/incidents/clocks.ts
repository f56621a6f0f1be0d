import type { Clock } from '@tidewaiter/protocol/api'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** The instants the clocks of 19 CFR 111.21(b) run from and stop at, milliseconds; undefined while not known. */
export interface Instants {
  discoveredMs?: number
  noticeSentMs?: number
}

/**
 * The clocks of 19 CFR 111.21(b): 72 elapsed hours from the discovery of the breach of records to the written notice;
 * ten business days from the notice to the updated list of importer numbers (`domain.md` A.1, A2 seen second-hand).
 */
export function clocksOf({ discoveredMs, noticeSentMs }: Instants, nowMs: number): Clock[] {
  const noticeDueMs = discoveredMs === undefined ? undefined : discoveredMs + 72 * hourMs
  const listDueMs = noticeSentMs === undefined ? undefined : afterBusinessDays(noticeSentMs, 10)
  return [
    {
      id: 'notice',
      duty: 'Written notice to CBP',
      authority: '19 CFR 111.21(b)',
      startedAt: iso(discoveredMs),
      dueAt: iso(noticeDueMs),
      stoppedAt: iso(noticeSentMs),
      says: saysOf({
        dueMs: noticeDueMs,
        stoppedMs: noticeSentMs,
        nowMs,
        waits: 'Starts when the breach of records is discovered',
      }),
    },
    {
      id: 'importer-list',
      duty: 'Updated list of importer numbers',
      authority: '19 CFR 111.21(b)',
      startedAt: iso(noticeSentMs),
      dueAt: iso(listDueMs),
      stoppedAt: null,
      says: saysOf({ dueMs: listDueMs, stoppedMs: undefined, nowMs, waits: 'Starts with the notice' }),
    },
  ]
}

interface Run {
  dueMs: number | undefined
  stoppedMs: number | undefined
  nowMs: number
  waits: string
}

function saysOf({ dueMs, stoppedMs, nowMs, waits }: Run): string {
  if (dueMs === undefined) return waits
  if (stoppedMs !== undefined)
    return stoppedMs <= dueMs
      ? `Sent with ${inWords(dueMs - stoppedMs)} to spare`
      : `Sent ${inWords(stoppedMs - dueMs)} after the deadline`
  return nowMs <= dueMs ? `${inWords(dueMs - nowMs)} left` : `Missed by ${inWords(nowMs - dueMs)}: it can still be sent`
}

/** `67 h 02 min`; days are not used below ten, so that 72 hours read as hours. */
function inWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const hours = Math.floor(minutes / 60)
  return hours >= 240 ? `${Math.floor(hours / 24)} days` : `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
}

function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}

/** End (UTC) of the nth business day after an instant; weekends and federal holidays (5 U.S.C. 6103) are skipped. */
export function afterBusinessDays(fromMs: number, days: number): number {
  let day = Math.floor(fromMs / dayMs)
  for (let counted = 0; counted < days; ) {
    day += 1
    if (isBusinessDay(new Date(day * dayMs))) counted += 1
  }
  return (day + 1) * dayMs - 1
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
