import { toIp } from '../address.ts'
import { lines } from '../cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Event } from '../decoder.ts'
import { unreadable } from '../document.ts'
import { countIn, defined, detectRows, happeningOf, parseRow, type Row, rowEvent, textIn } from '../row.ts'
import { toText } from '../text.ts'
import { type Count, countOf, type Difference, differenceOf, type Reading } from './count.ts'
import { newReadings, parseReading, type Readings } from './readings.ts'
import { type View, views } from './views.ts'

const dataset = 'database'

/** Rows of the agent's counters of what database servers read, with what was counted since the row before. */
export const databaseCounters: Decoder = {
  id: dataset,
  title: "Counters of database servers, from their own views, and of their processes' reads",
  reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
  detects: (sample) => detectRows(sample, ['engine', 'view']),
  cut: lines,
  start(context, state) {
    const readings = newReadings(state)
    return {
      push: (record) => [toEvent(record, context, readings)],
      end: () => [],
      state: readings.state,
    }
  },
}

function toEvent(record: DecodeRecord, context: DecodeContext, readings: Readings): Event {
  const text = toText(record.bytes)
  const row = parseRow(text)
  const [name, engine] = row === undefined ? [] : [textIn(row, 'view'), textIn(row, 'engine')]
  const view = name === undefined ? undefined : views.get(name)
  if (row === undefined || name === undefined || engine === undefined || view === undefined)
    return unreadable(record, dataset, { says: 'The record is no row of a view of a database server.', text })
  const event = rowEvent(record, { dataset, text }, context)
  Object.assign(event.event, { kind: 'metric', category: ['database'], type: ['info'], action: 'database-counters' })
  event.service = { type: engine }
  const named = namesOf(row, view)
  Object.assign(event, fieldsOf(named))
  const why = textIn(row, 'why')
  if (why !== undefined) event.error = { message: why, ...defined({ code: textIn(row, 'code') }) }
  const hasEnded = happeningOf(record) === 'end'
  const { before, reading, difference } = counted(row, {
    ...{ name, view, named, readings, context, hasEnded },
    pass: record.head.pass?.number ?? 0,
  })
  // Without the reading before, the difference could not be told again for this row alone.
  if (before !== undefined) event.tidewaiter.header = JSON.stringify({ before, since: reading.since })
  event.tidewaiter.database = {
    ...{ engine, server: textIn(row, 'server') ?? 'process', view: name },
    ...defined({ ...named, ...(hasEnded && { ended: true }), ...levelsOf(row, view) }),
    ...told(difference),
    ...(Object.keys(reading.counts).length > 0 && { total: reading.counts }),
  }
  event.message = messageOf(row, { name, named, difference, reading, hasEnded })
  return event
}

/** What the row counts, what it counted before, and the difference; the readings go on with it. */
function counted(
  row: Row,
  known: Known & { hasEnded: boolean; pass: number },
): { before?: Reading; reading: Reading; difference: Difference } {
  const { name, view, readings, context, hasEnded, pass } = known
  const { key, reading } = readingOf(row, known)
  const isNew = readings.isNew(name, pass)
  readings.see(name, pass, textIn(row, 'code') === undefined)
  const before = headerOf(context) ?? readings.get(key) ?? (isNew ? nothingOf(reading) : undefined)
  if (hasEnded) {
    readings.delete(key)
    return { reading, difference: {} }
  }
  if (Object.keys(reading.counts).length > 0) readings.set(key, reading)
  if (before === undefined) return { reading, difference: {} }
  const difference = differenceOf(before, reading)
  if (difference.isRestart)
    for (const what of view.beginsFor?.(row) ?? []) readings.setSince(what, `restart before ${reading.at ?? 'this'}`)
  return { before, reading, difference }
}

/** Of a row that is decoded alone: the reading before it, as the event kept it. */
function headerOf({ header }: DecodeContext): Reading | undefined {
  const kept = header === undefined ? undefined : parseRow(header)
  return kept && parseReading(kept.before)
}

/** Before a row was there it counted nothing: what an account reads that never read before is all new. */
function nothingOf({ since, counts }: Reading): Reading {
  const zeros = Object.keys(counts).map((name) => [name, 0] as const)
  return { ...(since !== undefined && { since }), counts: Object.fromEntries(zeros) }
}

interface Known {
  name: string
  view: View
  named: Readonly<Record<string, string | number | undefined>>
  readings: Readings
  context: DecodeContext
}

function readingOf(row: Row, { name, view, named, readings, context }: Known): { key: string; reading: Reading } {
  const since = sinceOf(row, { view, readings, context })
  const counts = Object.entries(view.counters).map(([column, as]) => [as, countOf(row[column])] as const)
  return {
    key: JSON.stringify([textIn(row, 'server') ?? '', name, ...Object.values(named)]),
    reading: {
      ...(context.readAt !== undefined && { at: context.readAt }),
      ...(since !== undefined && { since }),
      counts: Object.fromEntries(counts.filter((pair): pair is [string, Count] => pair[1] !== undefined)),
    },
  }
}

function sinceOf(
  row: Row,
  { view, readings, context }: Pick<Known, 'view' | 'readings' | 'context'>,
): string | undefined {
  const since = view.begins?.(row)
  if (since !== undefined) for (const what of view.beginsFor?.(row) ?? []) readings.setSince(what, since)
  if (view.beginsWith === undefined) return since
  const kept = context.header === undefined ? undefined : parseRow(context.header)
  return kept === undefined ? readings.sinceOf(view.beginsWith(row)) : textIn(kept, 'since')
}

/** A NULL of the view is not there. */
function namesOf(row: Row, { names }: View): Record<string, string | number | undefined> {
  return Object.fromEntries(
    Object.entries(names).map(([column, as]) => [as, textIn(row, column) ?? countIn(row, column)]),
  )
}

function levelsOf(row: Row, { levels = {} }: View): Record<string, Count | undefined> {
  return Object.fromEntries(Object.entries(levels).map(([column, as]) => [as, countOf(row[column])]))
}

/** Fields that ECS has for it. */
function fieldsOf({ account, client, pid }: Known['named']): Record<string, unknown> {
  const ip = typeof client === 'string' ? toIp(client) : undefined
  return {
    ...(typeof account === 'string' && { user: { name: account } }),
    ...(typeof client === 'string' && { source: defined({ address: client, ip }) }),
    ...(typeof pid === 'number' && { process: { pid } }),
  }
}

function told({ delta, intervalMs, isReset, hasFallen }: Difference): Record<string, unknown> {
  return {
    ...(delta !== undefined && Object.keys(delta).length > 0 && { delta }),
    ...(intervalMs !== undefined && { interval_ms: intervalMs }),
    ...(isReset && { reset: true }),
    ...(hasFallen && { fallen: true }),
  }
}

interface ToSay {
  name: string
  named: Known['named']
  difference: Difference
  reading: Reading
  hasEnded: boolean
}

function messageOf(row: Row, { name, named, difference, reading, hasEnded }: ToSay): string {
  const what = [name, ...Object.values(named).filter((each) => each !== undefined)].join(' ')
  const why = textIn(row, 'why')
  if (why !== undefined) return `${what}: ${why}`
  if (hasEnded) return `${what} is not counted any more`
  if (difference.hasFallen) return `${what}: a counter is less than it was`
  const [[unit, count] = []] = Object.entries(difference.delta ?? reading.counts)
  if (unit === undefined) return what
  const since = difference.delta === undefined ? 'so far' : difference.isReset ? 'since it began anew' : 'more'
  return `${what}: ${count} ${unit.replaceAll('_', ' ')} ${since}`
}
