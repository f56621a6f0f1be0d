import { firstLines, lines } from '../cut.ts'
import type { DecodeRecord, Decoder, Event, Message, MessageDecoder } from '../decoder.ts'
import { addMessage, textEvent, unreadable } from '../document.ts'
import { withoutReturn } from '../entry-lines.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { messageOf, readEve } from './eve.ts'
import { fastMessage, readFast } from './fast.ts'
import { timeOf } from './time-of.ts'

const dataset = 'suricata'
const usual = /[\\/](?:eve[\w.-]{0,40}\.json|suricata[\\/](?:[\w.-]{1,60}[\\/])?fast\.log)(?:[.-]\d+)?(?:\.gz)?$/i

/** What Suricata saw and what its rules matched: `eve.json`, and the short lines of `fast.log`. */
export const suricata: Decoder = {
  id: dataset,
  title: 'Suricata (eve.json, fast.log)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.test(source),
  detects(sample) {
    const all = firstLines(sample, 20).map(withoutReturn)
    return all.length > 0 && all.filter((line) => isEve(line) || readFast(line) !== undefined).length * 2 > all.length
  },
  cut: lines,
  start(context) {
    const place = timeline(context)
    return { push: (record) => [toEvent(record, place)], end: () => [], state: () => undefined }
  },
}

/** Others have an `event_type` too: here the time has an offset without a colon, and a flow or numbers of the sensor. */
function isEve(line: string): boolean {
  const eve = readEve(line)
  if (eve === undefined || timeOf(eve.raw)?.offset === undefined || !/[+-]\d{4}$/.test(eve.raw)) return false
  return 'flow_id' in eve.row || 'src_ip' in eve.row || eve.type === 'stats'
}

function toEvent(record: DecodeRecord, place: Timeline): Event {
  const text = toText(record.bytes)
  const line = withoutReturn(text)
  const eve = readEve(line)
  const fast = eve === undefined ? readFast(line) : undefined
  const message = eve === undefined ? fast && fastMessage(fast.text) : messageOf(eve)
  if (message === undefined) {
    if (line === '') return textEvent(record, dataset, text)
    return unreadable(record, 'text', { says: 'This is no line of Suricata.', text })
  }
  const event = textEvent(record, dataset, text)
  addMessage(event, dataset, message)
  const raw = eve?.raw ?? fast?.raw ?? ''
  const written = eve === undefined ? fast?.written : timeOf(eve.raw)
  const { at, time } = written === undefined ? { at: undefined, time: { raw } } : place(raw, written)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
  if (eve?.type === 'stats') event.event.kind = 'metric'
  const sensor = eve?.row.host
  if (typeof sensor === 'string' && sensor !== '') event.observer = { name: sensor }
  event.message = textOf(message, fast?.text)
  return event
}

/** In short what a row says. */
function textOf({ event, source, destination, more, url, file }: Message, text: string | undefined): string {
  if (text !== undefined) return text
  const named = [
    (more?.rule as { name?: string } | undefined)?.name,
    (more?.dns as { question?: { name?: string } } | undefined)?.question?.name,
    (url as { original?: string } | undefined)?.original,
    (file as { path?: string } | undefined)?.path,
  ].find((each) => each !== undefined)
  const ends = [source, destination].map((end) => (end as { address?: string } | undefined)?.address).filter(Boolean)
  return [event.action, ends.join(' to '), named].filter(Boolean).join(' ')
}

/** The same where Suricata writes to syslog. */
export const suricataMessages: MessageDecoder = {
  id: dataset,
  title: 'Suricata',
  programs: ['suricata'],
  decode(text) {
    const eve = readEve(text)
    return eve === undefined ? fastMessage(text) : messageOf(eve)
  },
}
