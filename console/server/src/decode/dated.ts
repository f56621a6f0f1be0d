import { type Reading, readClassic, readIso } from './written.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** `Thu Jul 11 01:21:41.250000 2013`: asctime(3), which some programs give a fraction. */
export function readAsctime(text: string, from = 0): Reading | undefined {
  if (!/^[A-Z][a-z]{2} $/.test(text.slice(from, from + 4))) return undefined
  const reading = readClassic(text, from + 4)
  const year = reading && /^ (\d{4})(?!\d)/.exec(text.slice(reading.end, reading.end + 6))?.[1]
  if (reading === undefined || year === undefined || reading.written.year !== undefined) return undefined
  const { month, day, hour, minute, second, fraction } = reading.written
  const [date, clock] = [`${year}-${two(month)}-${two(day)}`, `${two(hour)}:${two(minute)}:${two(second)}`]
  return read(`${date}T${clock}${fraction === '' ? '' : `.${fraction}`}`, reading.end + 5)
}

/** `2013-03-24  8:24:09`, `2013/03/24 08:24:09`: a date with a clock whose hour may have one digit. */
export function readDate(text: string, from = 0): Reading | undefined {
  const said =
    /^(\d{4})[-/](\d{2})[-/](\d{2})(?:T| {1,2})(\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?)(Z|[+-]\d{2}:?\d{2})?/.exec(
      text.slice(from, from + 48),
    )
  if (said === null) return undefined
  const [all, year, month, day, clock = '', offset = ''] = said
  return read(
    `${year}-${month}-${day}T${clock.padStart(clock.indexOf(':') === 1 ? clock.length + 1 : 0, '0')}${offset}`,
    from + all.length,
  )
}

/** `22-Jan-2013 22:28:21 +0200`, `11-Aug-2013 03:36:11.372`. */
export function readDayFirst(text: string, from = 0): Reading | undefined {
  const said = /^(\d{2})-([A-Z][a-z]{2})-(\d{4}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?: ([+-]\d{4}))?/.exec(
    text.slice(from, from + 48),
  )
  if (said === null) return undefined
  const [all, day, month = '', year, clock, offset = ''] = said
  return read(`${year}-${monthOf(month)}-${day}T${clock}${offset}`, from + all.length)
}

/** `Apr 15, 2013 8:34:08 PM`: java.util.logging in English. */
export function readJava(text: string): Reading | undefined {
  const said = /^([A-Za-z]{3}) (\d{1,2}), (\d{4}) (\d{1,2}):(\d{2}):(\d{2}) ([AP])M(?= )/i.exec(text.slice(0, 48))
  if (said === null) return undefined
  const [all, month = '', day, year, hour, minute, second, half = ''] = said
  const of24 = (Number(hour) % 12) + (half.toUpperCase() === 'P' ? 12 : 0)
  const clock = `${Number(hour) > 12 ? 99 : two(of24)}:${minute}:${second}`
  return read(`${year}-${monthOf(month)}-${two(Number(day))}T${clock}`, all.length)
}

/**
 * `130324  8:24:09`, as MySQL wrote it before 5.6. A year of two digits is one from 1970 to 2069 to it (manual, "2-Digit
 * Years in Dates").
 */
export function readShortYear(text: string, from = 0): Reading | undefined {
  const said = /^(\d{2})(\d{2})(\d{2}) {1,2}(\d{1,2}):(\d{2}:\d{2})(?= )/.exec(text.slice(from, from + 24))
  if (said === null) return undefined
  const [all, year = '', month, day, hour = '', rest] = said
  return read(
    `${Number(year) < 70 ? '20' : '19'}${year}-${month}-${day}T${hour.padStart(2, '0')}:${rest}`,
    from + all.length,
  )
}

/** A date that no calendar has is none. */
function read(iso: string, end: number): Reading | undefined {
  const reading = readIso(iso, 0)
  return reading?.end === iso.length ? { written: reading.written, end } : undefined
}

function monthOf(name: string): string {
  return two(months.indexOf(name.toLowerCase()) + 1)
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
