import { firstLines, lines } from '../cut.ts'
import type { DecodeContext, Decoder, Decoding, Event, Message, MessageDecoder } from '../decoder.ts'
import { addMessage } from '../document.ts'
import { type EntryLines, entryEvent, entryGatherer, type Part, withoutReturn } from '../entry-lines.ts'
import { defined } from '../row.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { dataset, levelOf, messageOf } from './meaning.ts'
import { beginsNotice, endsNotice, type Notice, readNotice, readRow, readShort } from './notice.ts'

const usual = /[\\/]AMQERR\d{2}\.(?:log|json)(?:\.gz)?$/i

/** The error log of IBM MQ: channels that came and went, and who was not let in. As text, as JSON, or of a container. */
export const ibmMq: Decoder = {
  id: dataset,
  title: 'IBM MQ error log (AMQERR01.LOG, AMQERR01.json)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.test(source),
  detects(sample) {
    const all = firstLines(sample, 100).map(withoutReturn)
    if (all.some((line) => beginsNotice(line))) return all.some((line) => /^AMQ\d{4}[A-Z]?: /.test(line))
    const own = all.filter((line) => readRow(line) !== undefined || isShort(line))
    return own.length > 0 && own.length * 2 >= all.length
  },
  cut: lines,
  start: decoding,
}

function isShort(line: string): boolean {
  return readShort(line)?.raw !== undefined
}

function decoding(context: DecodeContext, state?: unknown): Decoding {
  // Our own state, as `state` gave it.
  const gatherer = entryGatherer(partOf, state as EntryLines | undefined)
  const place = timeline(context)
  const toEvents = (entries: EntryLines[]) => entries.map((entry) => toEvent(entry, place))
  return {
    push: (record) => toEvents(gatherer.push(record.id, toText(record.bytes))),
    end: () => toEvents(gatherer.end()),
    state: () => gatherer.open(),
  }
}

function partOf(text: string): Part {
  const line = withoutReturn(text)
  if (beginsNotice(line)) return 'first'
  if (endsNotice(line)) return 'last'
  return line.startsWith('{') || isShort(line) ? 'only' : 'next'
}

function toEvent(entry: EntryLines, place: Timeline): Event {
  const event = entryEvent(entry, dataset)
  const all = entry.texts.map(withoutReturn)
  const notice = readRow(all[0] ?? '') ?? readNotice(all) ?? readShort(all[0] ?? '')
  if (notice === undefined) return event
  event.message = `${notice.id}: ${notice.text}`
  addTime(event, notice, place)
  addOrigin(event, notice)
  addMessage(event, dataset, messageOf(notice))
  return event
}

function addTime(event: Event, { raw, written }: Notice, place: Timeline): void {
  if (raw === undefined) return
  const { at, time } = written === undefined ? { at: undefined, time: { raw } } : place(raw, written)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
}

function addOrigin(event: Event, notice: Notice): void {
  const { pid, thread, program, account, host } = notice
  const process = defined({
    pid,
    name: program,
    thread: thread === undefined ? undefined : { id: thread },
    user: account === undefined ? undefined : { name: account },
  })
  if (process !== undefined) event.process = process
  if (host !== undefined) event.host = { name: host }
  const level = levelOf(notice)
  if (level !== undefined) event.log = { level }
}

/** The same messages where a queue manager writes to syslog. */
export const ibmMqMessages: MessageDecoder = {
  id: dataset,
  title: 'IBM MQ',
  programs: ['ibm-mq', 'ibmmq', 'runmqserver'],
  decode(text): Message | undefined {
    const notice = readRow(text) ?? readShort(text)
    return notice && messageOf(notice)
  },
}
