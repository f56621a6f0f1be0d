import type { DecodeRecord, Event } from '../decoder.ts'
import { dataset } from './dataset.ts'

/** The event of what could not be read. A chunk is no text, so that it is only named. */
export function unreadableEvent(
  { id, position }: Pick<DecodeRecord, 'id' | 'position'>,
  at: number,
  { says, writtenAt }: { says: string; writtenAt?: string | undefined },
): Event {
  const event: Event = {
    event: { kind: 'pipeline_error', dataset, category: ['host'], type: ['info'] },
    message: '',
    error: { message: says },
    tidewaiter: { record: id, offset: position + at, encoding: 'binary' },
  }
  if (writtenAt !== undefined) event['@timestamp'] = writtenAt
  return event
}
