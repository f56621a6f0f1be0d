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
}

/** A longer header has no place in the row. */
const mostHeader = 800

/**
 * What an index row keeps: the records beyond the first as `<seq>/<index>`, a header, and whether it was cut; null where
 * there is none of them.
 */
export function contextText({ tidewaiter: { records, header } }: Event, isCut = false): string | null {
  const isKept = header !== undefined && header.length <= mostHeader
  if (records === undefined && !isKept && !isCut) return null
  const kept: Kept = {
    ...(records !== undefined && { records: records.map((id) => id.slice(id.indexOf('/') + 1)) }),
    ...(isKept && { header }),
    ...(isCut && { cut: true }),
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
