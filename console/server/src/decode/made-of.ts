import type { Event } from './decoder.ts'

/** Batch and index of the first record of an event; its id ends in `/<seq>/<index>`. */
export function placeOf({ tidewaiter: { record } }: Event): { seq: number; index: number } {
  const slash = record.lastIndexOf('/')
  const before = record.lastIndexOf('/', slash - 1)
  return { seq: Number(record.slice(before + 1, slash)), index: Number(record.slice(slash + 1)) }
}

/** What an index row keeps of the records beyond the first: JSON of `<seq>/<index>`; null when there are none. */
export function contextText({ tidewaiter: { records } }: Event): string | null {
  if (records === undefined) return null
  return JSON.stringify({ records: records.map((id) => id.slice(id.indexOf('/') + 1)) })
}

/** Ids of all records of an indexed event, the first one first. `context` as `BatchEvent` gave it. */
export function recordsOf(record: string, context: string | null): string[] {
  if (context === null) return [record]
  const host = record.slice(0, record.indexOf('/') + 1)
  // Our own text, as `contextText` made it.
  const { records } = JSON.parse(context) as { records: string[] }
  return records.map((place) => host + place)
}
