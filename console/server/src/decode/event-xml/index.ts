import type { DecodeRecord, Decoder, Event } from '../decoder.ts'
import { unreadable } from '../document.ts'
import { textIn } from '../encoded-text.ts'
import { toEvent } from '../windows-event/to-event.ts'
import { events } from './cut-events.ts'
import { isEventXml, readEvents } from './read-events.ts'

const dataset = 'event-xml'

/**
 * Events of Windows as XML: what `wevtutil qe /f:xml` and `/f:RenderedXml`, `Get-WinEvent` with `ToXml()`, and the Event
 * Viewer's "Save as XML" write. The same event in a log file gives the same document.
 */
export const eventXml: Decoder = {
  id: dataset,
  title: 'Windows events as XML (wevtutil, Get-WinEvent, Event Viewer)',
  reads: ({ source }) => source === 'event-log' || source.startsWith('event-log:'),
  detects: (sample) => isEventXml(textIn(sample)),
  cut: events,
  start: () => ({ push: eventsOf, end: () => [], state: () => undefined }),
}

function eventsOf(record: DecodeRecord): Event[] {
  return readEvents(textIn(record.bytes)).map((read) => {
    if ('event' in read) return toEvent(read.event, dataset, { record: record.id })
    const event = unreadable(record, dataset, { says: read.damage.says, text: read.text })
    event.error = { code: read.damage.code, message: read.damage.says }
    return event
  })
}
