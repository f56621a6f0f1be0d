import type { Decoding, Event } from './decoder.ts'
import { unreadable } from './document.ts'
import type { Whole } from './join.ts'
import { toText } from './text.ts'

/** Events of a record that was joined from pieces: they name every piece, and say when one is missing. */
export function decodeWhole({ record, pieces, says, headless }: Whole, id: string, decoding: Decoding): Event[] {
  const events =
    headless === true
      ? [unreadable(record, id, { says: says ?? '', text: toText(record.bytes) })]
      : decoding.push(record)
  for (const event of events) {
    if (event.tidewaiter.record !== record.id) continue
    if (pieces !== undefined) event.tidewaiter.records = pieces
    if (says !== undefined) event.error ??= { message: says }
  }
  return events
}
