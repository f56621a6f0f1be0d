import type { DecodeRecord, Event } from '../decoder.ts'
import { toEvent } from '../windows-event/to-event.ts'
import { type Budget, chunkBudget } from './budget.ts'
import { type ChunkHead, chunkBytes, readChunkHead } from './chunk-head.ts'
import { dataset } from './dataset.ts'
import { isFileHead, remarksOnFileHead } from './file-head.ts'
import { carveRecords, type Found, isRecordHead, isZero, type Span, walkRecords } from './find-records.ts'
import { readHead, readRecord } from './read-record.ts'
import { unreadableEvent } from './remarks.ts'
import { type Source, sourceOf } from './source.ts'

interface Reading {
  record: DecodeRecord
  source: Source
  /** What all its records may still take. */
  budget: Budget
}

/** Events of a record as the file is cut into them: the head of the file, a chunk, or what stands in the place of one. */
export function eventsOfChunk(record: DecodeRecord): Event[] {
  const { bytes } = record
  if (isFileHead(bytes)) return remarksOnFileHead(bytes).map((says) => unreadableEvent(record, 0, { says }))
  const head = readChunkHead(bytes)
  const reading = { record, source: sourceOf(bytes), budget: chunkBudget() }
  return head === undefined ? eventsWithoutHead(reading) : eventsWithHead(reading, head)
}

/** Room that was never used is zeros. Anything else may still hold whole records. */
function eventsWithoutHead(reading: Reading): Event[] {
  const { record } = reading
  if (isZero(record.bytes, 0, record.bytes.length)) return []
  const says = `No chunk of an event log begins at byte ${record.position}.`
  return [unreadableEvent(record, 0, { says }), ...carvedEvents(reading, 0)]
}

function eventsWithHead(reading: Reading, head: ChunkHead): Event[] {
  const { record } = reading
  const found = walkRecords(record.bytes, head.free)
  const events = found.map((span) => (span.is === 'gap' ? gap(reading, span) : eventOf(reading, span)))
  if (head.doubt !== undefined) for (const { tidewaiter } of events) tidewaiter.doubt = head.doubt
  const missing = missingOf(head, found, record.bytes.length)
  if (missing !== undefined) events.push(unreadableEvent(record, 0, { says: missing }))
  return head.free === undefined ? events : [...events, ...carvedEvents(reading, head.free)]
}

/** Records that the chunk counts and does not hold: where it is cut off, or although nothing in it is broken. */
function missingOf({ first, last }: ChunkHead, found: readonly Found[], bytes: number): string | undefined {
  const whole = found.filter(({ is }) => is === 'record').length
  const counted = last - first + 1n
  if (bytes < chunkBytes)
    return `The chunk is cut off after ${bytes} of ${chunkBytes} bytes: it says that it holds records ${first} to ${last}, and ${whole} are here. What was left over behind them is lost.`
  // An empty chunk counts from 0 or -1, and no chunk holds more than 2,400 of the shortest records.
  if (whole < found.length || counted <= BigInt(whole) || counted > 2400n) return undefined
  return `The chunk says that it holds records ${first} to ${last}, and ${counted - BigInt(whole)} of them are not here.`
}

function eventOf({ record, source, budget }: Reading, span: Span): Event {
  const { number, writtenAt, event, says } = readRecord(source, span, budget)
  const offset = record.position + span.at
  if (event !== undefined) return toEvent(event, dataset, { record: record.id, offset })
  const message = `Record ${number} at byte ${offset} cannot be read: ${says}`
  return unreadableEvent(record, span.at, { says: message, writtenAt })
}

/** What was there before: those whose names and templates were written over since are only named, all in one event. */
function carvedEvents(reading: Reading, from: number): Event[] {
  const { record, source, budget } = reading
  const events: Event[] = []
  const lost: string[] = []
  for (const span of carveRecords(record.bytes, from)) {
    const { number, event } = readRecord(source, span, budget)
    const offset = record.position + span.at
    if (event === undefined) lost.push(`${number} at byte ${offset}`)
    else events.push(toEvent(event, dataset, { record: record.id, offset, carved: true }))
  }
  if (lost.length > 0) events.push(carvedRemark(record, lost))
  return events
}

const mostNamed = 50

function carvedRemark(record: DecodeRecord, lost: readonly string[]): Event {
  const more = lost.length > mostNamed ? ` and ${lost.length - mostNamed} more` : ''
  const named = `record ${lost.slice(0, mostNamed).join(', ')}${more}`
  const says = `Left over from before and not to be read, as what it needs was written over: ${named}.`
  const event = unreadableEvent(record, 0, { says })
  event.tidewaiter.carved = true
  return event
}

function gap({ record, source }: Reading, { at, end }: Span): Event {
  const where = `bytes ${record.position + at} to ${record.position + end - 1}`
  if (!isRecordHead(record.bytes, at))
    return unreadableEvent(record, at, { says: `No record can be told in ${where}.` })
  const { number, writtenAt } = readHead(source, at)
  return unreadableEvent(record, at, { says: `Record ${number} in ${where} is broken or not whole.`, writtenAt })
}
