import { isOpenCsv } from '../csv.ts'
import { firstLines, lines } from '../cut.ts'
import type { DecodeContext, Decoder, Decoding, Event, Message, MessageDecoder } from '../decoder.ts'
import {
  type EntryLines,
  entryEvent,
  entryGatherer,
  type Part,
  unreadableEntry,
  withoutReturn,
} from '../entry-lines.ts'
import { logNamed } from '../own-log.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { type Peer, peerFinder } from './peers.ts'
import { readPrefixed } from './prefix.ts'
import { beginsCsv, readCsv, readJson } from './rows.ts'
import type { Said } from './said.ts'
import { standsAlone } from './sentences.ts'
import { addSaid, dataset, messageOf } from './to-event.ts'

const usual = [
  logNamed('postgresql[\\w./-]{0,120}\\.(log|csv|json)'),
  logNamed('pg_log/[\\w.-]{1,80}'),
  logNamed('pgsql/[\\w./-]{0,80}/log/[\\w.-]{1,80}'),
]

/** The server's log: text with any prefix that has a time, `csvlog`, and `jsonlog`; a file may hold several. */
export const postgresql: Decoder = {
  id: dataset,
  title: 'PostgreSQL log (text, CSV, JSON)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.some((name) => name.test(source)),
  detects(sample) {
    const all = firstLines(sample, 50).map(withoutReturn)
    const own = all.filter((line) => beginsCsv(line) || readJson(line) !== undefined || isOwn(line))
    return own.length > 0 && own.length * 4 >= all.length
  },
  cut: lines,
  start: decoding,
}

/** Other programs write such labels too, but not with two blanks and a time that names its zone. */
function isOwn(line: string): boolean {
  const prefixed = readPrefixed(line)
  return prefixed?.front.time !== undefined
}

interface State {
  entry?: EntryLines
  peers?: Peer[]
}

function decoding(context: DecodeContext, state?: unknown): Decoding {
  // Our own state, as `state` gave it.
  const before = (state ?? {}) as State
  const gatherer = entryGatherer(partOf, before.entry)
  const peers = peerFinder(before.peers)
  const place = timeline(context)
  const toEvents = (entries: EntryLines[]) => entries.map((entry) => peers.complete(toEvent(entry, place)))
  return {
    push: (record) => toEvents(gatherer.push(record.id, toText(record.bytes))),
    end: () => toEvents(gatherer.end()),
    state() {
      const [entry, known] = [gatherer.open(), peers.open()]
      return entry === undefined && known.length === 0
        ? undefined
        : { ...(entry !== undefined && { entry }), peers: known }
    },
  }
}

/** The server puts a tab before lines that go on; where they were copied from a screen it became blanks. */
const goesOn = /^(?:\t| {8})/

function partOf(text: string, open: EntryLines | undefined): Part {
  const line = withoutReturn(text)
  if (open !== undefined && beginsCsv(open.texts[0] ?? '')) return isOpenCsv([...open.texts, text]) ? 'next' : 'last'
  if (beginsCsv(line)) return isOpenCsv([line]) ? 'first' : 'only'
  if (line.startsWith('{')) return 'only'
  const prefixed = readPrefixed(line)
  if (prefixed === undefined) return goesOn.test(line) ? 'next' : 'only'
  if (prefixed.isAddition) return 'next'
  return standsAlone.test(prefixed.text) ? 'only' : 'first'
}

function toEvent(entry: EntryLines, place: Timeline): Event {
  const said = readEntry(entry)
  if (said !== undefined) {
    const event = entryEvent(entry, dataset)
    addSaid(event, said, place)
    return event
  }
  const [text = ''] = entry.texts
  // What a program says before its log is set up, and what goes on from a line that is not here.
  if (text === '' || text.startsWith('\t') || !/^[\d{[<]/.test(text)) return entryEvent(entry, dataset)
  return unreadableEntry(entry, 'This is no line of a log of PostgreSQL.')
}

function readEntry({ texts }: EntryLines): Said | undefined {
  const [first = '', ...more] = texts.map(withoutReturn)
  if (beginsCsv(first)) return readCsv([first, ...more].join('\n'))
  if (first.startsWith('{')) return readJson(first)
  const prefixed = readPrefixed(first)
  if (prefixed === undefined || prefixed.isAddition) return undefined
  const said: Said = { ...prefixed.front, severity: prefixed.label, message: prefixed.text }
  const additions = additionsOf(more)
  if (additions.text !== '') said.message += additions.text
  const { DETAIL: detail, HINT: hint, CONTEXT: context, STATEMENT: statement } = additions.of
  return { ...said, detail, hint, context, statement }
}

/** Lines that go on belong to the message, or to the addition before them. */
function additionsOf(all: readonly string[]): { text: string; of: Readonly<Record<string, string | undefined>> } {
  const of: Record<string, string> = {}
  let text = ''
  let label: string | undefined
  for (const line of all) {
    const prefixed = readPrefixed(line)
    if (prefixed !== undefined) {
      label = prefixed.label
      of[label] = prefixed.text
    } else if (label === undefined) text += `\n${line.replace(goesOn, '')}`
    else of[label] += `\n${line.replace(goesOn, '')}`
  }
  return { text, of }
}

/** The same server through syslog and the journal, where each line of a message comes by itself. */
export const postgresqlMessages: MessageDecoder = {
  id: dataset,
  title: 'PostgreSQL',
  programs: ['postgres', 'postgresql', 'postmaster'],
  decode(text): Message | undefined {
    const prefixed = readPrefixed(text)
    if (prefixed === undefined || prefixed.isAddition) return undefined
    return messageOf({ ...prefixed.front, severity: prefixed.label, message: prefixed.text })
  },
}
