import { firstLines, lines } from '../cut.ts'
import type { DecodeContext, Decoder, Decoding, Event } from '../decoder.ts'
import { type EntryLines, entryEvent, entryGatherer, type Part, withoutReturn } from '../entry-lines.ts'
import { logNamed } from '../own-log.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { readAsked, readTime } from './line.ts'
import { type Session, sessionsOf } from './sessions.ts'
import { addAsked, dataset } from './to-event.ts'

const usual = [logNamed('mysql/mysql\\.log'), logNamed('[\\w./-]{0,80}mysql[\\w./-]{0,80}general[\\w.-]{0,40}\\.log')]

/**
 * What clients of MySQL and MariaDB asked of the server. A line names its time only where the second changed, and its
 * account only where the connection began: both are kept, and go with what comes after. The format does not escape line
 * ends: a statement that holds one and imitates a line behind it cannot be told from two.
 */
export const mysqlGeneral: Decoder = {
  id: dataset,
  title: 'MySQL and MariaDB general query log',
  reads: ({ source }) => source.startsWith('log-file:') && usual.some((name) => name.test(source)),
  detects(sample) {
    const all = firstLines(sample, 50).map(withoutReturn)
    return all.filter((line) => readAsked(line) !== undefined).length * 4 >= Math.max(all.length, 1)
  },
  cut: lines,
  start: decoding,
}

interface State {
  entry?: EntryLines
  time?: string
  sessions?: Session[]
}

function decoding(context: DecodeContext, state?: unknown): Decoding {
  // Our own state, as `state` gave it.
  const before = (state ?? {}) as State
  const gatherer = entryGatherer(partOf, before.entry)
  const sessions = sessionsOf(before.sessions)
  const place = timeline(context)
  let lastTime = before.time
  const toEvents = (entries: EntryLines[]) => entries.map(toEvent)

  function toEvent(entry: EntryLines): Event {
    const [first = '', ...more] = entry.texts.map(withoutReturn)
    const event = entryEvent(entry, dataset)
    const asked = readAsked(first)
    if (asked === undefined) return event
    lastTime = asked.raw ?? lastTime
    // Read alone, a line that names no time has the one that its event kept.
    const time = asked.raw ?? context.header ?? lastTime
    addTime(event, time, place)
    if (asked.raw === undefined && time !== undefined) event.tidewaiter.header = time
    addAsked(event, { ...asked, argument: [asked.argument, ...more].join('\n') })
    return sessions.complete(event)
  }

  return {
    push: (record) => toEvents(gatherer.push(record.id, toText(record.bytes))),
    end: () => toEvents(gatherer.end()),
    state() {
      const [entry, known] = [gatherer.open(), sessions.open()]
      if (entry === undefined && known.length === 0 && lastTime === undefined) return undefined
      return { ...(entry && { entry }), ...(lastTime !== undefined && { time: lastTime }), sessions: known }
    },
  }
}

/** What the server writes where it opens the file. */
const opening = /^(?:\S{1,255}, Version: |Tcp port: |Time\s{1,20}Id Command\s{1,10}Argument)/

function partOf(text: string): Part {
  const line = withoutReturn(text)
  const asked = readAsked(line)
  if (asked !== undefined) return asked.command === 'Quit' ? 'only' : 'first'
  return opening.test(line) ? 'only' : 'next'
}

function addTime(event: Event, raw: string | undefined, place: Timeline): void {
  const reading = raw === undefined ? undefined : readTime(`${raw}\t`)
  if (raw === undefined || reading === undefined) return
  const { at, time } = place(raw, reading.written)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
}
