/** What a local time is in UTC: the offset (minutes east), and whether the zone's rules left a choice. */
export interface Offset {
  minutes: number
  /** `twice`: the hour occurs twice, at the end of summer time; `never`: it was skipped at its beginning. */
  occurs: 'once' | 'twice' | 'never'
}

/**
 * Offset of a local time, given as the milliseconds it would be if it were UTC. `sealedMinutes`: what the host's clock
 * showed when the time was read.
 */
export type Zone = (localMs: number, sealedMinutes?: number) => Offset

const day = 86_400_000
const zones = new Map<string, Zone | undefined>()

/** The rules of an IANA zone; undefined for a name the runtime does not know. */
export function zoneOf(name: string): Zone | undefined {
  if (zones.has(name)) return zones.get(name)
  if (zones.size >= 1000) zones.clear()
  const offsetAt = offsetsOf(name)
  const zone = offsetAt && toZone(offsetAt)
  zones.set(name, zone)
  return zone
}

/** `+02:00`, `-0500`, `UTC` and `Z` as minutes east; undefined for anything else. */
export function fixedOffset(text: string): number | undefined {
  if (/^(utc|gmt|z)$/i.test(text)) return 0
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text)
  if (match === null) return undefined
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return minutes > 24 * 60 ? undefined : match[1] === '-' ? -minutes : minutes
}

function offsetsOf(name: string): ((utcMs: number) => number) | undefined {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch {
    return undefined
  }
  return (utcMs) => {
    const match = /GMT([+-])(\d{2}):(\d{2})/.exec(format.format(utcMs))
    const minutes = match === null ? 0 : Number(match[2]) * 60 + Number(match[3])
    return match?.[1] === '-' ? -minutes : minutes
  }
}

/**
 * Asking Intl costs microseconds, so the answer is kept per local day: on a day far from any change it is one number.
 * Around a change both offsets are tried. Where the hour occurs twice, the offset sealed with the batch decides if it is
 * one of the two (a line that was read live is of that hour), else the earlier instant is taken.
 */
function toZone(offsetAt: (utcMs: number) => number): Zone {
  const days = new Map<number, number | 'changes'>()
  return (localMs, sealedMinutes) => {
    const number = Math.floor(localMs / day)
    let known = days.get(number)
    if (known === undefined) {
      const before = offsetAt((number - 1) * day)
      known = before === offsetAt((number + 2) * day) ? before : 'changes'
      if (days.size >= 4096) days.clear()
      days.set(number, known)
    }
    return known === 'changes' ? choose(offsetAt, localMs, sealedMinutes) : { minutes: known, occurs: 'once' }
  }
}

function choose(offsetAt: (utcMs: number) => number, localMs: number, sealedMinutes: number | undefined): Offset {
  const before = offsetAt(localMs - day)
  const after = offsetAt(localMs + day)
  const fits = [before, after].filter((minutes) => offsetAt(localMs - minutes * 60_000) === minutes)
  if (fits.length === 0) return { minutes: before, occurs: 'never' }
  if (fits.length === 1 || before === after) return { minutes: fits[0] ?? before, occurs: 'once' }
  return { minutes: sealedMinutes === after ? after : before, occurs: 'twice' }
}
