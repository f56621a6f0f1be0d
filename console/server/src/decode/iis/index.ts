import { firstLines, lines } from '../cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Decoding, Event } from '../decoder.ts'
import { textEvent, unreadable } from '../document.ts'
import { toText } from '../text.ts'
import { type Fields, fieldsOf, valuesOf } from './fields.ts'
import { dataset, requestEvent } from './to-event.ts'

/** Logs of web sites as IIS names them: `u_ex261127.log`, a new one every day. */
const usual = /[\\/](u_)?ex\d{6,8}(_x)?\.log(\.gz)?$/i

/**
 * What IIS wrote of requests, in the W3C Extended Log File Format. Which fields a line has, and in which order, a header
 * says that may change within a file: it is kept, and goes with every event.
 */
export const iis: Decoder = {
  id: dataset,
  title: 'IIS log (W3C Extended Log File Format)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.test(source),
  detects(sample) {
    const head = firstLines(sample, 10).filter((line) => line.startsWith('#'))
    return head.some((line) => fieldsOf(withoutEnd(line))?.includes('cs-method') === true)
  },
  cut: lines,
  start: decoding,
}

function decoding({ header: given }: DecodeContext, state?: unknown): Decoding {
  // Our own state, as `state` gave it.
  let header = (state as string | undefined) ?? given
  let fields = header === undefined ? undefined : fieldsOf(header)
  return {
    push(record) {
      const text = withoutEnd(toText(record.bytes))
      const next = fieldsOf(text)
      if (next !== undefined) {
        fields = next
        header = text
      }
      return [toEvent(record, text, fields && { fields, header: header ?? '' })]
    },
    end: () => [],
    state: () => header,
  }
}

function withoutEnd(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

function toEvent(record: DecodeRecord, text: string, known: { fields: Fields; header: string } | undefined): Event {
  if (text.startsWith('#') || text === '') return textEvent(record, dataset, text)
  if (known === undefined) return unreadable(record, 'text', { says: noHeader, text })
  const values = valuesOf(text, known.fields)
  const event = values && requestEvent(record, text, values)
  if (event === undefined)
    return unreadable(record, 'text', { says: 'This line does not fit its #Fields header.', text })
  event.tidewaiter.header = known.header
  return event
}

const noHeader = 'The #Fields header that says what stands in this line is not here.'
