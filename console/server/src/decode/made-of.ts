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
}

/** A longer header has no place in the row. */
const mostHeader = 800

/** What an index row keeps: the records beyond the first as `<seq>/<index>`, and a header; null where there is neither. */
export function contextText({ tidewaiter: { records, header } }: Event): string | null {
  const isKept = header !== undefined && header.length <= mostHeader
  if (records === undefined && !isKept) return null
  const kept: Kept = {
    ...(records !== undefined && { records: records.map((id) => id.slice(id.indexOf('/') + 1)) }),
    ...(isKept && { header }),
  }
  return JSON.stringify(kept)
}

/** The header that an indexed event was read by. `context` as `BatchEvent` gave it. */
export function headerOf(context: string | null): string | undefined {
  return context === null ? undefined : parseKept(context).header
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
