import type { Event } from './decoder.ts'

/** Batch and index of the first record of an event; its id ends in `/<seq>/<index>`. */
export function placeOf({ tidewaiter: { record } }: Event): { seq: number; index: number } {
  const slash = record.lastIndexOf('/')
  const before = record.lastIndexOf('/', slash - 1)
  return { seq: Number(record.slice(before + 1, slash)), index: Number(record.slice(slash + 1)) }
}

interface Kept {
  records?: string[]
  header?: string
  cut?: true
  /** Which it is of the events of exactly these records, from 0; left out for the first. */
  ordinal?: number
}

/** A longer header has no place in the row. */
const mostHeader = 800

/**
 * What an index row keeps: the records beyond the first as `<seq>/<index>`, a header, whether it was cut, and which of
 * their events it is; null where there is none of them.
 */
export function contextText(
  { tidewaiter: { records, header } }: Event,
  { ordinal = 0, isCut = false }: { ordinal?: number; isCut?: boolean } = {},
): string | null {
  const isKept = header !== undefined && header.length <= mostHeader
  if (records === undefined && !isKept && !isCut && ordinal === 0) return null
  const kept: Kept = {
    ...(records !== undefined && { records: records.map((id) => id.slice(id.indexOf('/') + 1)) }),
    ...(isKept && { header }),
    ...(isCut && { cut: true }),
    ...(ordinal > 0 && { ordinal }),
  }
  return JSON.stringify(kept)
}

/** The header that an indexed event was read by. `context` as `BatchEvent` gave it. */
export function headerOf(context: string | null): string | undefined {
  return context === null ? undefined : parseKept(context).header
}

/** True for an indexed event that was ended before its source ended it. `context` as `BatchEvent` gave it. */
export function isCut(context: string | null): boolean {
  return context !== null && parseKept(context).cut === true
}

/** Which it is of the events that `decodeAgain` makes of its records. `context` as `BatchEvent` gave it. */
export function ordinalOf(context: string | null): number {
  return context === null ? 0 : (parseKept(context).ordinal ?? 0)
}

/** Counts the events that are made of exactly the same records. */
export class Ordinals {
  #record = ''
  #alone = 0
  #groups: Map<string, number> | undefined

  /** Events of a record come together, and those of a group together when it is closed. */
  next({ tidewaiter: { record, records } }: Event): number {
    if (record !== this.#record) {
      this.#record = record
      this.#alone = 0
      this.#groups = undefined
    }
    if (records === undefined) return this.#alone++
    const key = records.join()
    this.#groups ??= new Map()
    const before = this.#groups.get(key) ?? 0
    this.#groups.set(key, before + 1)
    return before
  }
}

/** Says of an event that it was ended before its source ended it. */
export function sayCut(event: Event): void {
  event.error ??= { message: 'It was cut here: more was open on its host than is kept. The rest may follow apart.' }
}

function parseKept(context: string): Kept {
  // Our own text, as `contextText` made it.
  return JSON.parse(context) as Kept
}

/** Ids of all records of an indexed event, the first one first. `context` as `BatchEvent` gave it. */
export function recordsOf(record: string, context: string | null): string[] {
  const { records } = context === null ? {} : parseKept(context)
  if (records === undefined) return [record]
  const host = record.slice(0, record.indexOf('/') + 1)
  return records.map((place) => host + place)
}
