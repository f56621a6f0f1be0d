import type { Value } from './database.ts'
import { instant } from './time.ts'

/** Seconds from the beginning of a count of time to 1970. */
const secondsTo1970 = {
  /** Of Windows, and of Chromium. */
  1601: -11_644_473_600,
  1970: 0,
  /** Of macOS (CFAbsoluteTime). */
  2001: 978_307_200,
} as const

export type Epoch = keyof typeof secondsTo1970

/** RFC 3339 of a count of microseconds; undefined for none, 0, and what is beyond the years of RFC 3339. */
export function instantOfMicros(value: Value | undefined, epoch: Epoch): string | undefined {
  if (!isCount(value) || Number(value) === 0) return undefined
  const micros = typeof value === 'bigint' ? value : BigInt(Math.trunc(value))
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = Number((micros - fraction) / 1_000_000n)
  return instant(seconds + secondsTo1970[epoch], String(fraction).padStart(6, '0'))
}

/** The same of a count of seconds, of which a real number tells about as many microseconds as are given. */
export function instantOfSeconds(value: Value | undefined, epoch: Epoch): string | undefined {
  if (!isCount(value) || Number(value) === 0) return undefined
  const count = Number(value)
  if (Number.isInteger(count)) return instant(count + secondsTo1970[epoch], '')
  const micros = Math.round(count * 1e6)
  return Number.isSafeInteger(micros) ? instantOfMicros(micros, epoch) : undefined
}

function isCount(value: Value | undefined): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))
}
