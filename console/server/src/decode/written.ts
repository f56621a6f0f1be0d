/** A time as it is written: its parts, and what it leaves open. */
export interface Written {
  year?: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  /** Digits after the second, as many as were written. */
  fraction: string
  /** Minutes east of UTC, where the text says so. */
  offset?: number
}

/** A written time and where its text ends. */
export interface Reading {
  written: Written
  end: number
}

const monthKeys = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map((name) =>
  keyOf(name, 0),
)

function keyOf(text: string, at: number): number {
  return (text.charCodeAt(at) << 16) | (text.charCodeAt(at + 1) << 8) | text.charCodeAt(at + 2)
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48
  return value >= 0 && value <= 9 ? value : Number.NaN
}

function pair(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1)
}

/** RFC 3164: `Mmm dd hh:mm:ss`, the day padded with a blank or not at all; some daemons add a fraction or the year. */
export function readClassic(text: string, from: number): Reading | undefined {
  const month = monthKeys.indexOf(keyOf(text, from)) + 1
  if (month === 0 || text[from + 3] !== ' ') return undefined
  const dayAt = text[from + 4] === ' ' ? from + 5 : from + 4
  const short = text[dayAt + 1] === ' '
  const day = short ? digit(text, dayAt) : pair(text, dayAt)
  let at = dayAt + (short ? 2 : 3)
  let year: number | undefined
  if (text[at + 2] !== ':') {
    year = pair(text, at) * 100 + pair(text, at + 2)
    at += 5
  }
  return readClock(text, at, { year, month, day })
}

/** RFC 3339, and what is written like it: a blank for `T`, a comma for the point, no offset. */
export function readIso(text: string, from: number): Reading | undefined {
  if (text[from + 4] !== '-' || text[from + 7] !== '-') return undefined
  const date = {
    year: pair(text, from) * 100 + pair(text, from + 2),
    month: pair(text, from + 5),
    day: pair(text, from + 8),
  }
  const between = text[from + 10]
  if (between !== 'T' && between !== ' ' && between !== 't') return undefined
  const reading = readClock(text, text[from + 11] === ' ' ? from + 12 : from + 11, date)
  return reading === undefined ? undefined : readOffset(text, reading)
}

/** Common Log Format: `17/May/2015:10:05:03 +0000` (httpd.apache.org/docs/2.4/mod/mod_log_config.html, %t). */
export function readCommon(text: string, from: number): Reading | undefined {
  const month = monthKeys.indexOf(keyOf(text, from + 3)) + 1
  if (month === 0 || text[from + 2] !== '/' || text[from + 6] !== '/' || text[from + 11] !== ':') return undefined
  const date = { year: pair(text, from + 7) * 100 + pair(text, from + 9), month, day: pair(text, from) }
  const reading = readClock(text, from + 12, date)
  if (reading === undefined || text[reading.end] !== ' ') return undefined
  return readOffset(text, { written: reading.written, end: reading.end + 1 })
}

function readClock(
  text: string,
  at: number,
  date: { year: number | undefined; month: number; day: number },
): Reading | undefined {
  if (text[at + 2] !== ':' || text[at + 5] !== ':') return undefined
  const fraction = readFraction(text, at + 8)
  const written: Written = {
    month: date.month,
    day: date.day,
    hour: pair(text, at),
    minute: pair(text, at + 3),
    second: pair(text, at + 6),
    fraction,
  }
  if (date.year !== undefined) written.year = date.year
  if (!isPossible(written)) return undefined
  return { written, end: at + 8 + (fraction === '' ? 0 : fraction.length + 1) }
}

/** At most 9 digits: no clock writes more, and a text of a megabyte is no time. */
function readFraction(text: string, at: number): string {
  const point = text.charCodeAt(at)
  if (point !== 46 && point !== 44) return ''
  let end = at + 1
  while (end <= at + 9 && !Number.isNaN(digit(text, end))) end++
  return text.slice(at + 1, end)
}

function readOffset(text: string, reading: Reading): Reading | undefined {
  const { written, end } = reading
  const sign = text[end]
  if (sign === 'Z' || sign === 'z') {
    written.offset = 0
    return { written, end: end + 1 }
  }
  if (sign !== '+' && sign !== '-') return reading
  const minutesAt = text[end + 3] === ':' ? end + 4 : end + 3
  const offset = pair(text, end + 1) * 60 + pair(text, minutesAt)
  if (!(offset <= 24 * 60)) return undefined
  written.offset = sign === '-' ? -offset : offset
  return { written, end: minutesAt + 2 }
}

/** False for what no calendar has. February 29 without a year is possible. Second 60 is a leap second. */
function isPossible({ year, month, day, hour, minute, second }: Written): boolean {
  if (year !== undefined && !(year >= 1000)) return false
  const clock = hour <= 23 && minute <= 59 && second <= 60
  return clock && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, year ?? 2000)
}

export function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
