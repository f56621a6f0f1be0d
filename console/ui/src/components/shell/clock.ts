import type { Clock } from '@tidewaiter/protocol/api'
import { daysText, durationText } from '../../ui/time.ts'

/** A clock as it is said: the part that is decided on, and the rest of the sentence. */
export interface ClockWords {
  tone: 'waits' | 'runs' | 'missed' | 'done'
  strong: string
  rest: string
}

const duties: Record<string, string> = {
  notice: 'to notify CBP',
  'importer-list': 'to send the updated list of importer numbers',
}

/** How much time that is, in the unit the clock counts in. */
export function clockTime({ counted }: Clock, ms: number): string {
  return counted === null ? durationText(ms) : daysText(ms)
}

/** Counts elapsed hours to the deadline; weekends and changes of the clock do not pause them (19 CFR 111.21(b)). */
export function clockWords(clock: Clock, nowMs: number): ClockWords {
  if (clock.stoppedAt !== null) return { tone: 'done', strong: clock.duty, rest: clock.says.toLowerCase() }
  if (clock.dueAt === null) return { tone: 'waits', strong: 'No clock runs yet.', rest: clock.says }
  const leftMs = Date.parse(clock.dueAt) - nowMs
  const duty = duties[clock.id] ?? `for: ${clock.duty.toLowerCase()}`
  if (leftMs < 0)
    return { tone: 'missed', strong: `${clockTime(clock, leftMs)} late`, rest: `${duty}. It can still be sent` }
  return { tone: 'runs', strong: `${clockTime(clock, leftMs)} left`, rest: duty }
}

/** How much of the time is gone, 0 to 1; undefined while it does not run. */
export function clockShare(clock: Clock, nowMs: number): number | undefined {
  if (clock.startedAt === null || clock.dueAt === null) return undefined
  const start = Date.parse(clock.startedAt)
  const whole = Date.parse(clock.dueAt) - start
  const until = clock.stoppedAt === null ? nowMs : Date.parse(clock.stoppedAt)
  return whole <= 0 ? 1 : Math.max(0, Math.min(1, (until - start) / whole))
}
