import { firstLines, lines } from './cut.ts'
import type { DecodeRecord, Decoder, Decoding, Event, MessageDecoder } from './decoder.ts'
import { addMessage, textEvent } from './document.ts'
import { toText } from './text.ts'
import { type Timeline, timeline } from './time.ts'
import type { Reading, Written } from './written.ts'

/** What stands before the message in a line of a program's own log. */
export interface Front {
  /** The time as it is written; left out where the line before has it. */
  raw?: string
  /** Its parts; left out where it is only a time of day. */
  written?: Written
  /** RFC 3339, where it is written as seconds since 1970. */
  at?: string
  /** Where the message begins. */
  next: number
  /** The program's word for how grave it is. */
  level?: string | undefined
  pid?: number | undefined
  thread?: string | undefined
}

/** A program that writes lines of its own into a file, and says the same to syslog where it is told to. */
export interface OwnLog extends Omit<MessageDecoder, 'programs'> {
  programs: readonly string[]
  /** The paths of its files on the systems we know; others are found by their content. */
  usual: RegExp
  /** Undefined for a line that does not begin as this program's lines do. */
  front(text: string): Front | undefined
  /** What a line of the beginning of a file has that no other program's has, where the front alone does not tell. */
  marks?: RegExp
}

/** The longest line that is looked at: what is longer stays the text it is. */
const mostCharacters = 16_384

/**
 * Lines with a time at the front. One that has none goes to `otherwise`: a program that was told to write to syslog
 * may have its lines in the same file. What that cannot read either (a stack trace) is text and stands alone.
 */
export function ownLog(log: OwnLog, otherwise: Decoder): Decoder {
  return {
    id: log.id,
    title: log.title,
    reads: ({ source }) => source.startsWith('log-file:') && log.usual.test(source),
    detects: (sample) => looksLike(log, sample),
    cut: lines,
    start(context) {
      const place = timeline(context)
      const others = otherwise.start(context)
      return {
        push: (record) => [toEvent(record, { log, place, others })],
        end: () => [],
        state: () => undefined,
      }
    },
  }
}

/** The same program through syslog and journald, where some repeat the front in the message. */
export function messagesOf({ id, title, programs, front, decode }: OwnLog): MessageDecoder {
  return { id, title, programs, decode: (text, program) => decode(text.slice(front(text)?.next ?? 0), program) }
}

/** One in eight lines is enough: a file may hold lines of other formats, which are read all the same. */
function looksLike({ front, marks }: OwnLog, sample: Uint8Array): boolean {
  const all = firstLines(sample, 50).filter((line) => !line.startsWith('#'))
  const own = all.filter((line) => front(line) !== undefined)
  if (own.length === 0 || own.length * 8 < all.length) return false
  return marks === undefined || all.some((line) => marks.test(line.slice(0, 1024)))
}

interface Work {
  log: OwnLog
  place: Timeline
  others: Decoding
}

function toEvent(record: DecodeRecord, { log, place, others }: Work): Event {
  const text = toText(record.bytes)
  const line = text.endsWith('\r') ? text.slice(0, -1) : text
  const front = line.length > mostCharacters ? undefined : (log.front(line) ?? tagged(line, log))
  const other = front === undefined ? others.push(record)[0] : undefined
  if (other !== undefined && isRead(other)) return other
  const event = textEvent(record, log.id, text)
  if (front === undefined) return event
  event.message = line.slice(front.next)
  addFront(event, front, place)
  const message = log.decode(event.message, log.id)
  if (message !== undefined) addMessage(event, log.id, message)
  return event
}

/** A line of syslog has a time or names a program. */
function isRead({ error, process, tidewaiter, '@timestamp': at }: Event): boolean {
  return error === undefined && (at ?? tidewaiter.time ?? process) !== undefined
}

const tag = /^\S{1,255} (?<program>[\w.-]{1,40})(?:\[\d{1,10}\])?: /

/** `host nginx[7]: ` without a time, as it may be left out where the journal is copied; some give it twice. */
function tagged(line: string, { programs, front }: OwnLog): Front | undefined {
  let next = 0
  for (let times = 0; times < 2; times++) {
    const said = tag.exec(line.slice(next))
    if (said === null || !programs.includes(said.groups?.program ?? '')) break
    next += said[0].length
  }
  if (next === 0) return undefined
  const inner = front(line.slice(next))
  return { ...inner, next: next + (inner?.next ?? 0) }
}

function addFront(event: Event, front: Front, place: Timeline): void {
  addTime(event, front, place)
  const { level, pid, thread } = front
  if (level !== undefined) event.log = { level: level.toLowerCase() }
  if (pid !== undefined) event.process = { pid }
  if (thread !== undefined) event.tidewaiter.thread = thread
}

function addTime(event: Event, { raw, written, at }: Front, place: Timeline): void {
  if (at !== undefined) event['@timestamp'] = at
  if (raw === undefined || at !== undefined) return
  const placed = written === undefined ? { time: { raw } } : place(raw, written)
  if ('at' in placed && placed.at !== undefined) event['@timestamp'] = placed.at
  if (placed.time !== undefined) event.tidewaiter.time = placed.time
}

/** The front of a time that was read, with the rest of it behind. */
export function frontOf(text: string, { written, end }: Reading, from = 0): Front {
  return { raw: text.slice(from, end), written, next: end }
}

/** Names of a log file and of what rotation makes of it. */
export function logNamed(name: string): RegExp {
  return new RegExp(`/${name}([.-][0-9]+)?(\\.gz)?$`)
}
