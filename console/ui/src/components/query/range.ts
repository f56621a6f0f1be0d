import { formatTime } from '../../ui/time.ts'

/** A span as the API takes it: an instant, or a duration back from now such as `-24h`; an empty `to` is now. */
export interface Range {
  from: string
  to: string
}

export const presets: readonly { from: string; label: string }[] = [
  { from: '-15m', label: 'Last 15 minutes' },
  { from: '-1h', label: 'Last hour' },
  { from: '-24h', label: 'Last 24 hours' },
  { from: '-7d', label: 'Last 7 days' },
  { from: '-30d', label: 'Last 30 days' },
]

const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 }
const instant = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/
const timeOnly = /^(\d{2}:\d{2})(:\d{2})?(Z|[+-]\d{2}:\d{2})$/
const duration = /^-(\d{1,4})([mhd])$/

/** Reads `-2h` or `2026-11-22 09:00Z .. 11:30Z`; the second day may be left out. Undefined when it is neither. */
export function parseRange(text: string): Range | undefined {
  const trimmed = text.trim()
  if (duration.test(trimmed)) return { from: trimmed, to: '' }
  const [first, second, ...rest] = trimmed.split(/\s*\.\.\s*/)
  if (rest.length > 0) return undefined
  const from = instantOf(first ?? '')
  if (from === undefined) return undefined
  if (second === undefined || second === '') return { from, to: '' }
  const to = instantOf(timeOnly.test(second) ? `${(first ?? '').slice(0, 10)} ${second}` : second)
  return to !== undefined && to > from ? { from, to } : undefined
}

function instantOf(text: string): string | undefined {
  const found = instant.exec(text)
  if (found === null) return undefined
  const ms = Date.parse(`${found[1]}T${found[2]}${found[3] ?? ':00'}${found[4]}`)
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

/** The span in ms; durations are counted back from `nowMs`. */
export function boundsOf(range: Range, nowMs: number): { from: number; to: number } {
  const to = range.to === '' ? nowMs : Date.parse(range.to)
  const back = duration.exec(range.from)
  const from = back === null ? Date.parse(range.from) : nowMs - Number(back[1]) * (unitMs[back[2] ?? ''] ?? 0)
  return { from, to }
}

/** The span in words, for the button that changes it. */
export function rangeText(range: Range, zone: string): string {
  const preset = presets.find((known) => known.from === range.from && range.to === '')
  if (preset !== undefined) return preset.label
  const from = duration.test(range.from) ? range.from : formatTime(range.from, { zone, precision: 'minute' })
  if (range.to === '') return `${from} to now`
  const to = formatTime(range.to, { zone, precision: 'minute' })
  return to.slice(0, 10) === from.slice(0, 10) ? `${from} to ${to.slice(11)}` : `${from} to ${to}`
}
