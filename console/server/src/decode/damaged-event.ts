import type { Damage } from './damaged.ts'
import type { DecodeRecord, Event } from './decoder.ts'

/** The event of what could not be read in bytes that are no text. Its words are not in it: the record is. */
export function damagedEvent(
  { id, position }: DecodeRecord,
  dataset: string,
  { code, says, at }: Damage & { at?: number },
): Event {
  const event: Event = {
    event: { kind: 'pipeline_error', dataset, category: ['host'], type: ['info'] },
    message: '',
    error: { code, message: says },
    tidewaiter: { record: id, encoding: 'binary' },
  }
  if (at !== undefined) event.tidewaiter.offset = position + at
  return event
}
