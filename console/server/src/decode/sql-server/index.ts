import { lines } from '../cut.ts'
import type { DecodeContext, Decoder, Decoding, Event, Message, MessageDecoder } from '../decoder.ts'
import { addMessage } from '../document.ts'
import { type EntryLines, entryEvent, entryGatherer, type Part, withoutReturn } from '../entry-lines.ts'
import { readSentence } from '../sentence.ts'
import { toCount } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { isWide, toWideText } from '../utf16.ts'
import { isSpeaker, readLine, readNumbers } from './line.ts'
import { sentences } from './sentences.ts'

const dataset = 'sql-server'
const service = { name: 'sqlservr' }
const usual = /[\\/](MSSQL[\w.]*[\\/](MSSQL[\\/])?Log|mssql[\\/]log)[\\/]errorlog(\.\d{1,3})?$/i

/** What SQL Server writes of itself: UTF-16 on Windows, UTF-8 on Linux, in its own words of English, local time. */
export const sqlServer: Decoder = {
  id: dataset,
  title: 'SQL Server error log (ERRORLOG)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.test(source),
  detects(sample) {
    const text = isWide(sample) ? toWideText(sample.subarray(0, 65_536)) : new TextDecoder('latin1').decode(sample)
    const all = text
      .split('\n', 60)
      .slice(0, -1)
      .filter((line) => line.trim() !== '')
    const own = all.filter((line) => isSpeaker(readLine(withoutReturn(line))?.speaker ?? ''))
    return own.length > 0 && own.length * 3 >= all.length
  },
  cut: lines,
  start: decoding,
}

function decoding(context: DecodeContext, state?: unknown): Decoding {
  // Our own state, as `state` gave it.
  const gatherer = entryGatherer(partOf, state as EntryLines | undefined)
  const place = timeline(context)
  const toEvents = (entries: EntryLines[]) => entries.map((entry) => toEvent(entry, place))
  return {
    push: (record) => toEvents(gatherer.push(record.id, toWideText(record.bytes))),
    end: () => toEvents(gatherer.end()),
    state: () => gatherer.open(),
  }
}

/** The numbers of an error stand in a line of their own before its message. */
function partOf(text: string, open: EntryLines | undefined): Part {
  const line = readLine(withoutReturn(text))
  if (line === undefined) return 'next'
  if (readNumbers(line.message) !== undefined) return 'first'
  const before = open?.texts.length === 1 ? readLine(withoutReturn(open.texts[0] ?? '')) : undefined
  const isItsMessage =
    before !== undefined && readNumbers(before.message) !== undefined && before.speaker === line.speaker
  if (isItsMessage) return line.speaker === 'Logon' ? 'last' : 'next'
  // What is known is one line, and need not wait for the next to be told.
  const isWhole = line.speaker === 'Logon' || readSentence(sentences, line.message, service.name) !== undefined
  return isWhole ? 'only' : 'first'
}

function toEvent(entry: EntryLines, place: Timeline): Event {
  const event = entryEvent(entry, dataset)
  const [first = '', ...more] = entry.texts.map(withoutReturn)
  const line = readLine(first)
  if (line === undefined) return event
  const numbers = readNumbers(line.message)
  const second = numbers === undefined ? undefined : readLine(more[0] ?? '')
  const rest = second === undefined ? more : [second.message, ...more.slice(1)]
  const said = second === undefined ? [line.message, ...rest] : rest
  // An empty line, or the half of a line feed that ends the file, says nothing.
  event.message = said.join('\n').trimEnd()
  const { at, time } = place(line.raw, line.written)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
  addMessage(event, dataset, messageOf(event.message))
  event.tidewaiter.speaker = line.speaker
  if (numbers !== undefined) addNumbers(event, numbers)
  return event
}

function messageOf(text: string): Message {
  const message = readSentence(sentences, text, service.name)
  return message ?? { event: { category: ['database'], type: ['info'] }, service }
}

function addNumbers(event: Event, { code, severity, state }: { code: string; severity: string; state: string }): void {
  event.event.code = code
  event.tidewaiter.state = state
  const grave = toCount(severity)
  if (grave !== undefined) event.event.severity = grave
  if (event.event.action !== undefined) return
  event.event.type = ['error']
  event.event.outcome = 'failure'
  event.event.action = 'error'
}

/** The same lines where SQL Server on Linux speaks to the journal. */
export const sqlServerMessages: MessageDecoder = {
  id: dataset,
  title: 'SQL Server',
  programs: ['sqlservr', 'mssql-server', 'mssql'],
  decode(text): Message | undefined {
    const line = readLine(text)
    const message = line && readSentence(sentences, line.message, service.name)
    const numbers = line && readNumbers(line.message)
    if (message !== undefined || numbers === undefined) return message
    return { event: { category: ['database'], type: ['error'], code: numbers.code }, service }
  },
}
