/** Every time on a screen ends in `Z` or an offset. Zone names are IANA; `UTC` is the default everywhere. */

export interface TimeFormat {
  zone: string
  /** `auto` shows milliseconds only where there are any. */
  precision?: 'minute' | 'second' | 'auto'
  /** `short` leaves the year out: only for places where the whole time stands nearby. */
  date?: 'full' | 'short' | 'none'
}

interface Parts {
  year: string
  month: string
  day: string
  hour: string
  minute: string
  second: string
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(zone, made)
  return made
}

function partsIn(zone: string, ms: number): Parts {
  const parts: Parts = { year: '', month: '', day: '', hour: '', minute: '', second: '' }
  for (const { type, value } of formatOf(zone).formatToParts(ms)) if (type in parts) parts[type as keyof Parts] = value
  return { ...parts, year: parts.year.padStart(4, '0') }
}

/** Minutes east of UTC that `zone` has at `ms`. */
export function offsetMinutes(zone: string, ms: number): number {
  if (zone === 'UTC') return 0
  const { year, month, day, hour, minute, second } = partsIn(zone, ms)
  const wall = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second)
  return Math.round((wall - Math.floor(ms / 1000) * 1000) / 60_000)
}

export function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** `2026-11-22 07:19:05Z`, `2026-11-22 02:19:05-05:00`. Text that is no time comes back as it is. */
export function formatTime(iso: string, { zone, precision = 'auto', date = 'full' }: TimeFormat): string {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return iso
  const at = partsIn(zone, ms)
  const millis = ((ms % 1000) + 1000) % 1000
  const fraction = precision === 'auto' && millis !== 0 ? `.${String(millis).padStart(3, '0')}` : ''
  const seconds = precision === 'minute' ? '' : `:${at.second}${fraction}`
  const end = zone === 'UTC' ? 'Z' : offsetText(offsetMinutes(zone, ms))
  const day = { full: `${at.year}-${at.month}-${at.day} `, short: `${at.month}-${at.day} `, none: '' }[date]
  return `${day}${at.hour}:${at.minute}${seconds}${end}`
}

export function weekday(iso: string, zone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short' }).format(Date.parse(iso))
}

/** `67 h 02 min`, `23 min`, `8 s`: sizes of time in words, hours never turned into days (the notice counts hours). */
export function durationText(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** The same for what is counted in days: `15 days`, and hours in the last three. */
export function daysText(ms: number): string {
  const hours = Math.floor(Math.abs(ms) / 3_600_000)
  return hours < 72 ? durationText(ms) : `${Math.floor(hours / 24)} days`
}

/** `3 s ago`, `5 h 02 min ago`, `in 12 min`. */
export function agoText(iso: string, nowMs: number): string {
  const ms = nowMs - Date.parse(iso)
  return ms >= 0 ? `${durationText(ms)} ago` : `in ${durationText(ms)}`
}

/** Clock offset in words: `11 min 40 s slow`, `0.4 s fast`, `exact to 0.1 s`. Host minus console, so negative is slow. */
export function skewText(ms: number): string {
  const size = Math.abs(ms)
  if (size < 100) return 'exact to 0.1 s'
  const way = ms < 0 ? 'slow' : 'fast'
  if (size < 60_000) return `${(size / 1000).toFixed(size < 10_000 ? 1 : 0)} s ${way}`
  return `${Math.floor(size / 60_000)} min ${Math.floor((size % 60_000) / 1000)} s ${way}`
}

export interface WallTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

/** The instant of a wall time in a zone as RFC 3339; undefined where the day or the hour does not exist. */
export function instantOf(wall: WallTime, zone: string): string | undefined {
  const guess = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute)
  // An offset depends on the instant that is looked for: twice is enough, as zones change at most once in a day.
  let ms = guess - offsetMinutes(zone, guess) * 60_000
  ms = guess - offsetMinutes(zone, ms) * 60_000
  const back = wallIn(zone, ms)
  const same = back.day === wall.day && back.month === wall.month && back.hour === wall.hour
  return same && back.minute === wall.minute && back.year === wall.year ? new Date(ms).toISOString() : undefined
}

export function wallIn(zone: string, ms: number): WallTime {
  const at = partsIn(zone, ms)
  return { year: +at.year, month: +at.month, day: +at.day, hour: +at.hour, minute: +at.minute }
}
