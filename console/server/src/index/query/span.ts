import type { EventQuery } from '@tidewaiter/protocol/api'
import { refuse } from '../../error.ts'

/** A span of time in milliseconds UTC, its end not in it; open where undefined. */
export interface Span {
  fromMs?: number
  toMs?: number
}

const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const back = /^-?(\d{1,6})([smhdw])$/
const instant = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/i

/** `2026-11-22T09:00:00Z`, a day (it begins at midnight UTC), `now`, or a duration back from now such as `-2h`. Undefined for anything else. */
export function parseTime(text: string, nowMs: number): number | undefined {
  if (text === 'now') return nowMs
  const [, count, unit = ''] = back.exec(text) ?? []
  if (count !== undefined) return nowMs - Number(count) * (unitMs[unit] ?? 0)
  const [, day, time = '00:00', second = ':00', zone = 'Z'] = instant.exec(text) ?? []
  const ms = Date.parse(`${day}T${time}${second}${zone.toUpperCase()}`)
  return Number.isNaN(ms) ? undefined : ms
}

/** Throws `query-malformed`. */
export function parseSpan({ from, to }: Pick<EventQuery, 'from' | 'to'>, nowMs: number): Span {
  const fromMs = parseEnd(from, nowMs)
  const toMs = parseEnd(to, nowMs)
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw refuse('query-malformed', `The span ends before it begins: ${from} to ${to}.`)
  return { ...(fromMs !== undefined && { fromMs }), ...(toMs !== undefined && { toMs }) }
}

function parseEnd(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined || text === '') return undefined
  const ms = parseTime(text, nowMs)
  if (ms !== undefined) return ms
  throw refuse('query-malformed', `“${text}” is no time: write 2026-11-22T09:00:00Z, or -2h for two hours back.`)
}
