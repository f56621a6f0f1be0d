import { firstLines, lines } from '../cut.ts'
import type { DecodeRecord, Decoder, Event, ReadMessage } from '../decoder.ts'
import { addMessage, textEvent, unreadable } from '../document.ts'
import { KnownSources, secondOf } from '../known-source.ts'
import { facilities, severities } from '../priority.ts'
import { toCount, toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { type Line, scan } from './scan.ts'

/** Files that hold syslog lines on the systems we know; others are found by their content. */
const usual =
  /\/(auth|authpriv|secure|syslog|messages|daemon|kern|user|cron|mail|maillog|debug|system)(\.log)?([.-][0-9]+)?(\.gz)?$/

/** Lines of RFC 3164 daemons, of rsyslog's ISO format and of RFC 5424. */
export function syslog(read: ReadMessage): Decoder {
  return {
    id: 'syslog',
    title: 'Syslog lines (RFC 3164, rsyslog, RFC 5424)',
    reads: ({ source }) => source.startsWith('log-file:') && usual.test(source),
    detects(sample) {
      const all = firstLines(sample, 50)
      return all.length > 0 && all.filter((line) => scan(line) !== undefined).length * 3 >= all.length
    },
    cut: lines,
    start(context, state) {
      const work = { place: timeline(context), read, sources: new KnownSources(state) }
      return {
        push: (record) => [toEvent(record, work)],
        end: () => [],
        state: () => work.sources.state(),
      }
    },
  }
}

interface Work {
  place: Timeline
  read: ReadMessage
  sources: KnownSources
}

function toEvent(record: DecodeRecord, { place, read, sources }: Work): Event {
  const text = toText(record.bytes)
  const line = scan(text.charCodeAt(text.length - 1) === 13 ? text.slice(0, -1) : text)
  if (line === undefined) return withoutTime(record, text)
  const event = textEvent(record, 'syslog', text)
  addEnvelope(event, line, place)
  const { count, inner } = unfold(line.message)
  event.message = inner
  if (count > 1) event.tidewaiter.repeated = count
  if (line.program !== undefined) {
    const found = read(inner, line.program)
    if (found !== undefined) addMessage(event, found.id, found.message)
    if (found?.isPerConnection === true && line.pid !== undefined)
      sources.add(event, { key: `${line.host ?? ''}:${line.pid}`, second: line.written && secondOf(line.written) })
  }
  return event
}

/**
 * A line that begins with a blank goes on from the one before it: text, and nothing is wrong with it. Any other is said
 * to be no line of syslog, and is not called one.
 */
function withoutTime(record: DecodeRecord, text: string): Event {
  if (/^\s/.test(text) || text === '') return textEvent(record, 'syslog', text)
  return unreadable(record, 'text', { says: 'This is no line of syslog.', text })
}

function addEnvelope(event: Event, line: Line, place: Timeline): void {
  if (line.written !== undefined) {
    const { at, time } = place(line.raw, line.written)
    if (at !== undefined) event['@timestamp'] = at
    if (time !== undefined) event.tidewaiter.time = time
  }
  if (line.host !== undefined) event.host = { name: line.host }
  if (line.program !== undefined) {
    const pid = line.pid === undefined ? undefined : toCount(line.pid)
    event.process = pid === undefined ? { name: line.program } : { name: line.program, pid }
  }
  if (line.priority !== undefined || line.version !== undefined) event.log = { syslog: header(line) }
}

function header({ priority, version, program, pid, host, msgid, structured }: Line): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  if (priority !== undefined) {
    fields.priority = priority
    fields.facility = { code: priority >> 3, name: facilities[priority >> 3] }
    fields.severity = { code: priority & 7, name: severities[priority & 7] }
  }
  if (version === undefined) return fields
  const named = { version, hostname: host, appname: program, procid: pid, msgid }
  for (const [name, value] of Object.entries(named)) if (value !== undefined) fields[name] = value
  // Only the text: what it means is between the sender and the one who asks.
  if (structured !== undefined) fields.structured_data = { text: structured }
  return fields
}

/** rsyslog's `message repeated 42 times: [ ... ]` is that message, 42 times in one record. */
function unfold(message: string): { count: number; inner: string } {
  if (!message.startsWith('message repeated ') || !message.endsWith(']')) return { count: 1, inner: message }
  const end = message.indexOf(' times: [ ')
  const count = end < 0 ? undefined : toCount(message.slice(17, end))
  return count === undefined ? { count: 1, inner: message } : { count, inner: message.slice(end + 10, -1) }
}
