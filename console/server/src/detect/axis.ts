import type { Event } from '../decode/decoder.ts'
import { readClassic, readIso, type Written } from '../decode/written.ts'

/** Where an event stands in time. */
export interface Stand {
  ms: number
  /** The time as it is written, where year or zone stay unknown: then `ms` gives order and distances, not the instant. */
  raw?: string
}

const day = 86_400_000
/** Every year that nobody knows has February 29, so that each written day has its place. */
const someYear = 2000
const yearMs = 366 * day

/**
 * Places the events of one source, in their order. Where the source gives no full instant its written time is the axis,
 * and a step back of more than a day is the next year (`evidence.md` 10). Undefined for an event without any time.
 */
export function openAxis(): (event: Event) => Stand | undefined {
  let years = 0
  let last = Number.NEGATIVE_INFINITY
  return (event) => {
    const timestamp = event['@timestamp']
    if (timestamp !== undefined) return { ms: Date.parse(timestamp) }
    const raw = event.tidewaiter.time?.raw
    const written = raw === undefined ? undefined : writtenOf(raw)
    if (raw === undefined || written === undefined) return undefined
    if (written.year !== undefined) return { ms: toMs(written, written.year), raw }
    let ms = toMs(written, someYear) + years * yearMs
    if (ms < last - day) {
      years += 1
      ms += yearMs
    }
    last = Math.max(last, ms)
    return { ms, raw }
  }
}

function writtenOf(raw: string): Written | undefined {
  return (readClassic(raw, 0) ?? readIso(raw, 0))?.written
}

function toMs({ month, day: date, hour, minute, second }: Written, year: number): number {
  return Date.UTC(year, month - 1, date, hour, minute, second)
}
