import type { Clock } from '@tidewaiter/protocol/api'
import { businessDaysAfter } from './business-days.ts'

const hourMs = 3_600_000

/** The instants the clocks of 19 CFR 111.21(b) run from and stop at, milliseconds; undefined while not known. */
export interface Instants {
  discoveredMs?: number
  noticeSentMs?: number
  /** The updated list, or a nil report. */
  listSentMs?: number
}

/**
 * The clocks of 19 CFR 111.21(b): 72 elapsed hours from the discovery of the breach of records to the written notice;
 * ten business days of the office from the notice to the updated list of importer numbers (`domain.md` A.1, A2 seen
 * second-hand).
 */
export function clocksOf(instants: Instants, { nowMs, zone }: { nowMs: number; zone: string }): Clock[] {
  const { discoveredMs, noticeSentMs, ...rest } = instants
  // What went before the discovery is no notice of it.
  const isNotice = noticeSentMs !== undefined && (discoveredMs === undefined || noticeSentMs >= discoveredMs)
  const known = isNotice ? instants : { ...rest, ...(discoveredMs !== undefined && { discoveredMs }) }
  return [noticeClock(known, nowMs), listClock(known, { nowMs, zone })]
}

function noticeClock({ discoveredMs, noticeSentMs }: Instants, nowMs: number): Clock {
  const dueMs = discoveredMs === undefined ? undefined : discoveredMs + 72 * hourMs
  return {
    id: 'notice',
    duty: 'Written notice to CBP',
    authority: '19 CFR 111.21(b)',
    startedAt: iso(discoveredMs),
    dueAt: iso(dueMs),
    stoppedAt: iso(noticeSentMs),
    counted: null,
    says: saysOf({ dueMs, stoppedMs: noticeSentMs, nowMs, waits: 'Starts when the breach of records is discovered' }),
  }
}

function listClock({ noticeSentMs, listSentMs }: Instants, { nowMs, zone }: { nowMs: number; zone: string }): Clock {
  const counted = noticeSentMs === undefined ? undefined : businessDaysAfter(noticeSentMs, { count: 10, zone })
  // One that went before the notice is not the update of it.
  const isUpdate = noticeSentMs !== undefined && listSentMs !== undefined && listSentMs >= noticeSentMs
  const stoppedMs = isUpdate ? listSentMs : undefined
  const waits = 'Starts with the notice'
  return {
    id: 'importer-list',
    duty: 'Updated list of importer numbers',
    authority: '19 CFR 111.21(b)',
    startedAt: iso(noticeSentMs),
    dueAt: iso(counted?.endMs),
    stoppedAt: iso(stoppedMs),
    counted: counted === undefined ? null : { zone: counted.zone, days: counted.days },
    says: saysOf({ dueMs: counted?.endMs, stoppedMs, nowMs, waits, inDays: true }),
  }
}

interface Run {
  dueMs: number | undefined
  stoppedMs: number | undefined
  nowMs: number
  waits: string
  /** It is counted in days. */
  inDays?: boolean
}

function saysOf({ dueMs, stoppedMs, nowMs, waits, inDays = false }: Run): string {
  if (dueMs === undefined) return waits
  const words = (ms: number) => inWords(ms, inDays ? 72 : 240)
  if (stoppedMs !== undefined)
    return stoppedMs <= dueMs
      ? `Sent with ${words(dueMs - stoppedMs)} to spare`
      : `Sent ${words(stoppedMs - dueMs)} after the deadline`
  return nowMs <= dueMs ? `${words(dueMs - nowMs)} left` : `Missed by ${words(nowMs - dueMs)}: it can still be sent`
}

/** `67 h 02 min`, or whole days from so many hours on: the 72 hours of the notice read as hours. */
function inWords(ms: number, daysFromHours: number): string {
  const minutes = Math.floor(ms / 60_000)
  const hours = Math.floor(minutes / 60)
  if (hours >= daysFromHours) return `${Math.floor(hours / 24)} days`
  return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
}

function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}
