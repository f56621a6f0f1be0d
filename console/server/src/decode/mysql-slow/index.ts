import { firstLines, lines } from '../cut.ts'
import type { DecodeContext, Decoder, Decoding, Event } from '../decoder.ts'
import { type EntryLines, entryEvent, entryGatherer, type Part, withoutReturn } from '../entry-lines.ts'
import { logNamed } from '../own-log.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { readSlow } from './entry.ts'
import { addSlow, dataset } from './to-event.ts'

const usual = logNamed('[\\w./-]{0,120}slow[\\w.-]{0,60}\\.log')

/** Statements that took long, as MySQL, MariaDB and Percona Server write them: what they read and what they gave. */
export const mysqlSlow: Decoder = {
  id: dataset,
  title: 'MySQL and MariaDB slow query log',
  reads: ({ source }) => source.startsWith('log-file:') && usual.test(source) && /mysql|mariadb|percona/i.test(source),
  detects(sample) {
    const all = firstLines(sample, 100).map(withoutReturn)
    return all.some((line) => line.startsWith('# Query_time: ')) && all.some((line) => begins.test(line))
  },
  cut: lines,
  start: decoding,
}

const begins = /^# (?:Time: |User@Host: |Query_time: )/
const opening = /^(?:\S{1,255}, Version: |Tcp port: |Time {1,30}Id Command {1,10}Argument)/

/** A head of lines with `#`, then the statement. Its lines may begin with `#` too, but not as a head does. */
function partOf(text: string, open: EntryLines | undefined): Part {
  const line = withoutReturn(text)
  if (opening.test(line)) return 'only'
  const isHead = begins.test(line)
  if (open === undefined) return isHead ? 'first' : 'only'
  if (!isHead) return 'next'
  const before = open.texts.map(withoutReturn)
  const isWithin = before.every((each) => each.startsWith('#')) && !before.some((each) => isSame(each, line))
  return isWithin && !line.startsWith('# Time: ') ? 'next' : 'first'
}

/** A head has each of its lines once. */
function isSame(first: string, second: string): boolean {
  return first.slice(0, 8) === second.slice(0, 8)
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

function toEvent(entry: EntryLines, place: Timeline): Event {
  const event = entryEvent(entry, dataset)
  const slow = readSlow(entry.texts.map(withoutReturn))
  if (slow !== undefined) addSlow(event, slow, place)
  return event
}
