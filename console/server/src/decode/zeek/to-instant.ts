import { readDate } from '../dated.ts'
import { instant } from '../time.ts'

/** Seconds since 1970 with a fraction, milliseconds, or RFC 3339 in UTC (`LogAscii::json_timestamps`). */
export function toInstant(raw: string): string | undefined {
  const epoch = /^(\d{1,10})(?:\.(\d{1,9})\d*)?$/.exec(raw)
  if (epoch !== null) return instant(Number(epoch[1]), epoch[2] ?? '')
  const ms = /^(\d{10})(\d{3})$/.exec(raw)
  if (ms !== null) return instant(Number(ms[1]), ms[2] ?? '')
  const reading = readDate(raw)
  return reading?.end === raw.length && reading.written.offset === 0 && raw.endsWith('Z') ? raw : undefined
}
