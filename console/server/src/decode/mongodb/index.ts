import { readDate } from '../dated.ts'
import type { Decoder, Event } from '../decoder.ts'
import { frontOf, logNamed, type OwnLog, ownLog } from '../own-log.ts'
import { type Pair, paired } from '../paired.ts'
import { readStructured, structuredFront } from './structured.ts'
import { readText } from './text.ts'

/** ` I ACCESS   [conn1] `, before 3.0 only ` [conn1] `. */
const before = /^ (?:(?<level>[A-Z]\d?) +[A-Z-]{1,12} +)?\[(?<thread>[\w. -]{1,64})\] {1,2}/

/** Text of mongod and mongos up to 4.2, and the JSON they write since 4.4. */
export const mongodbLog: OwnLog = {
  id: 'mongodb',
  title: 'MongoDB (mongod, mongos)',
  programs: ['mongod', 'mongos', 'mongodb'],
  usual: logNamed('mongo(db|d|s)?[\\w./-]{0,80}\\.log'),
  front(text) {
    if (text.startsWith('{')) return structuredFront(text)
    const reading = readDate(text)
    const rest = reading?.written.offset === undefined ? null : before.exec(text.slice(reading.end, reading.end + 120))
    if (!reading || !rest) return undefined
    const { level, thread } = rest.groups ?? {}
    return { ...frontOf(text, reading), next: reading.end + rest[0].length, level, thread }
  },
  marks: /\[(?:conn\d{1,10}|initandlisten|listener|mongosMain|signalProcessingThread)\]|"ctx":"/,
  decode: (text) => (text.startsWith('{') ? readStructured(text) : readText(text)),
}

/** What ends the connection of a refusal comes right behind it, or belongs to another. */
const mostMs = 2000

/**
 * Up to 3.0 a refusal names only the connection; its end, which follows at once, names the address. Numbers of
 * connections begin again after a restart, so that a later end says nothing.
 */
const pair: Pair = {
  isHalf: ({ event, source, tidewaiter }) =>
    event.outcome === 'failure' && source === undefined && tidewaiter.thread !== undefined,
  complete(refusal, end) {
    const isItsEnd =
      end.event.action === 'connection-closed' &&
      end.source !== undefined &&
      end.tidewaiter.thread === refusal.tidewaiter.thread &&
      !isLater(refusal, end)
    return isItsEnd ? { ...refusal, source: end.source } : undefined
  },
  isOver: isLater,
}

/** A line without a time (a stack trace) says nothing of how late it is. */
function isLater({ '@timestamp': first }: Event, { '@timestamp': next }: Event): boolean {
  return next !== undefined && !(Math.abs(Date.parse(next) - Date.parse(first ?? '')) <= mostMs)
}

export function mongodb(otherwise: Decoder): Decoder {
  return paired(ownLog(mongodbLog, otherwise), pair)
}
