import { firstLines } from './cut.ts'
import type { DecodeContext, DecodeRecord, Event } from './decoder.ts'
import { textEvent } from './document.ts'

/** The row of a snapshot as its collector read it: one line of JSON with the source's own names. */
export type Row = Readonly<Record<string, unknown>>

/** Undefined for what is no JSON object. */
export function parseRow(text: string): Row | undefined {
  // Most lines that are asked about are no JSON, and being told so by an error costs a hundred times as much.
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isRow(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Text that says something: undefined for what is missing, empty or no text. */
export function textIn(row: Row, name: string): string | undefined {
  const value = row[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number from 0. */
export function countIn(row: Row, name: string): number | undefined {
  const value = row[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** An object within a row; an empty one where there is none. */
export function rowIn(row: Row, name: string): Row {
  const value = row[name]
  return isRow(value) ? value : {}
}

/** The fields that are known; undefined where none is. */
export function defined(fields: Row): Record<string, unknown> | undefined {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined)
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

/** True when the beginning of a file is rows that have these names. */
export function detectRows(sample: Uint8Array, names: readonly string[]): boolean {
  const rows = firstLines(sample, 20).map(parseRow)
  return rows.length > 0 && rows.every((row) => row !== undefined && names.every((name) => Object.hasOwn(row, name)))
}

/** Whether a row shows a state again, or something that began or ended since the pass before. */
export type Happening = 'info' | 'start' | 'end'

const happenings = { all: 'info', appeared: 'start', ended: 'end' } as const

export function happeningOf({ head }: DecodeRecord): Happening {
  return happenings[head.pass?.holds ?? 'all']
}

/** The event of a row. A snapshot says what was at the time it was read; a bare file does not say when that was. */
export function rowEvent(
  record: DecodeRecord,
  { dataset, text }: { dataset: string; text: string },
  { readAt }: DecodeContext,
): Event {
  const event = textEvent(record, dataset, text)
  event.event.kind = happeningOf(record) === 'info' ? 'state' : 'event'
  if (readAt !== undefined) event['@timestamp'] = readAt
  return event
}
