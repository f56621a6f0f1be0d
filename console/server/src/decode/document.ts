import type { DecodeRecord, Event, Message } from './decoder.ts'
import { isBinary } from './text.ts'

const host = ['host'] as const
const info = ['info'] as const

/** What every line of text gives, before anyone has read a meaning into it. */
export function textEvent(record: DecodeRecord, dataset: string, text: string): Event {
  const event: Event = {
    event: { kind: 'event', dataset, category: host, type: info, original: text },
    message: text,
    tidewaiter: { record: record.id },
  }
  if (isBinary(text, record.bytes)) event.tidewaiter.encoding = 'binary'
  return event
}

/** The event of what could not be read: it says so and keeps the record's text. */
export function unreadable(
  record: DecodeRecord,
  dataset: string,
  { says, text }: { says: string; text: string },
): Event {
  const event = textEvent(record, dataset, text)
  event.event.kind = 'pipeline_error'
  event.error = { message: says }
  return event
}

/**
 * Adds to the envelope's event what the text of the message gave. Field by field: a loop over the names costs as much as
 * reading the line.
 */
export function addMessage(event: Event, id: string, message: Message): void {
  addWhat(event.event, id, message.event)
  event.service = message.service
  if (message.user !== undefined) event.user = message.user
  if (message.source !== undefined) event.source = message.source
  if (message.destination !== undefined) event.destination = message.destination
  if (message.server !== undefined) event.server = message.server
  if (message.network !== undefined) event.network = message.network
  if (message.group !== undefined) event.group = message.group
  if (message.email !== undefined) event.email = message.email
  if (message.file !== undefined) event.file = message.file
  if (message.url !== undefined) event.url = message.url
  if (message.http !== undefined) event.http = message.http
  if (message.package !== undefined) event.package = message.package
  if (message.started !== undefined) event.process = { ...message.started, parent: event.process ?? {} }
  for (const field in message.more) event[field] = message.more[field]
  for (const field in message.tidewaiter) event.tidewaiter[field] = message.tidewaiter[field]
}

function addWhat(event: Event['event'], id: string, what: Message['event']): void {
  event.dataset = id
  if (what.category !== undefined) event.category = what.category
  if (what.type !== undefined) event.type = what.type
  if (what.outcome !== undefined) event.outcome = what.outcome
  if (what.action !== undefined) event.action = what.action
  if (what.reason !== undefined) event.reason = what.reason
  if (what.code !== undefined) event.code = what.code
  if (what.severity !== undefined) event.severity = what.severity
  if (what.duration !== undefined) event.duration = what.duration
  if (what.start !== undefined) event.start = what.start
  if (what.end !== undefined) event.end = what.end
}
