import { firstLines, lines } from '../cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Decoding, Event } from '../decoder.ts'
import { textEvent, unreadable } from '../document.ts'
import { withoutReturn } from '../entry-lines.ts'
import { toText } from '../text.ts'
import { addHeaderLine, type Header, headerOf, headerText } from './header.ts'
import { addValues, dataset } from './to-event.ts'
import { type Values, valuesOfJson, valuesOfLine } from './values.ts'

/** What it wrote to a terminal is kept there too, and is no log. */
const usual = /[\\/](?:zeek|bro)[\\/](?:[\w.-]{1,60}[\\/]){0,4}(?!std(?:out|err)\.)[\w.:-]{1,80}\.log(\.gz)?$/i

/** What Zeek wrote of the traffic it saw: tab-separated lines under a header, or JSON. */
export const zeek: Decoder = {
  id: dataset,
  title: 'Zeek logs (conn, dns, http, ssl, files, notice and others)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.test(source),
  detects(sample) {
    const all = firstLines(sample, 20).map(withoutReturn)
    if (all.some((line) => line.startsWith('#separator '))) return all.some((line) => /^#fields\W/.test(line))
    return all.length > 0 && all.every((line) => isZeekJson(line))
  },
  cut: lines,
  start: decoding,
}

/** A time and a connection, or a stream that a sender named; Suricata and others name theirs otherwise. */
function isZeekJson(line: string): boolean {
  const values = valuesOfJson(line)
  if (values === undefined || !values.has('ts')) return false
  return values.has('@stream') || values.has('_path') || (values.has('uid') && values.has('id.orig_h'))
}

function decoding({ header: given }: DecodeContext, state?: unknown): Decoding {
  // Our own text, as `state` gave it.
  const before = (state as string | undefined) ?? given
  let header = before === undefined ? undefined : headerOf(before)
  return {
    push(record) {
      const text = toText(record.bytes)
      const line = withoutReturn(text)
      header = addHeaderLine(header, line) ?? header
      return [toEvent(record, text, header)]
    },
    end: () => [],
    state: () => (header === undefined ? undefined : headerText(header)),
  }
}

function toEvent(record: DecodeRecord, text: string, header: Header | undefined): Event {
  const line = withoutReturn(text)
  if (line.startsWith('#') || line === '') return textEvent(record, dataset, text)
  const json = valuesOfJson(line)
  const values = json ?? (header && valuesOfLine(line, header))
  if (values === undefined) return unreadable(record, 'text', { says: header === undefined ? noHeader : unfit, text })
  const event = textEvent(record, dataset, text)
  addValues(event, json === undefined ? header?.path : pathOf(json, record.head.source), values)
  if (json === undefined && header !== undefined) event.tidewaiter.header = headerText(header)
  return event
}

const noHeader = 'The #fields header that says what stands in this line is not here.'
const unfit = 'This line does not fit its #fields header.'

/** Fields that stand in one log only, where nothing says which it is. */
const shapes: readonly (readonly [path: string, fields: readonly string[]])[] = [
  ['conn', ['conn_state']],
  ['dns', ['trans_id', 'qtype_name']],
  ['http', ['trans_depth']],
  ['ssl', ['established', 'resumed']],
  ['kerberos', ['request_type']],
  ['smb_mapping', ['share_type']],
  ['notice', ['note', 'actions']],
  ['files', ['fuid', 'seen_bytes']],
]

/** Which log a row of JSON is of: as a sender says, by what stands in it, or by the name of the file. */
function pathOf(values: Values, source: string): string | undefined {
  const named = values.text('@stream') ?? values.text('_path')
  if (named !== undefined) return named.slice(0, 64)
  const shape = shapes.find(([, fields]) => fields.every((field) => values.has(field)))
  if (shape !== undefined) return shape[0]
  return /[\\/](?<path>[a-z][a-z0-9_]{1,40})(?:\.[\d:.-]+)?\.log(?:\.gz)?$/.exec(source)?.groups?.path
}
