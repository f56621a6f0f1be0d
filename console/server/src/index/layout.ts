import { join } from 'node:path'

/**
 * Files of the index, all rebuildable. The events writer owns `events.db` and `events-<day>.db`, the values writer
 * owns `values.db` and `text-<day>.db`; a day is the UTC day on which the console received the batch.
 */
export const files = {
  events: (dir: string) => join(dir, 'events.db'),
  values: (dir: string) => join(dir, 'values.db'),
  eventsOf: (dir: string, day: string) => join(dir, `events-${day}.db`),
  textOf: (dir: string, day: string) => join(dir, `text-${day}.db`),
  /** Held by the one process that writes. */
  lock: (dir: string, writer: string) => join(dir, `${writer}.lock`),
  /** Position of the batch that is read right now. */
  atWork: (dir: string, writer: string) => join(dir, `${writer}.at`),
} as const

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/**
 * Events one batch may give. Both writers decode the same batch to the same events in the same order, so both number them
 * alike. A row id is a JavaScript number: 33 bits are left for the position of the batch.
 */
export const mostEventsOfBatch = 2 ** 20

/** Id of event `n` of the batch at this ledger position: rows follow the ledger, and a batch is one range of ids. */
export function rowIdOf(position: number, n: number): number {
  return position * mostEventsOfBatch + n
}

/** Position of the batch in whose reading the event was made. */
export function positionOfRow(id: number): number {
  return Math.floor(id / mostEventsOfBatch)
}

/** A record of the ledger as one number: position of its batch, and its index in it. */
export function placeOf(position: number, record: number): number {
  return position * mostEventsOfBatch + Math.max(record, 0)
}
