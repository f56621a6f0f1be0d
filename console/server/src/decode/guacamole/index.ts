import { toEnd } from '../address.ts'
import { readDate, readJava } from '../dated.ts'
import type { Decoder, Event, Message } from '../decoder.ts'
import { type Front, frontOf, logNamed, type OwnLog, ownLog } from '../own-log.ts'
import { type Pair, paired } from '../paired.ts'
import { meanings, readSentence, type Sentence, withDetails } from '../sentence.ts'

const peer = '(?<peer>\\[[0-9A-Fa-f.:, ]{2,255}\\]|[0-9A-Fa-f.:]{1,44}[0-9A-Fa-f:])'

/** The address stands before the name; of a success it is the last thing. */
const sentences: readonly Sentence[] = [
  {
    pattern: new RegExp(
      `^Authentication attempt from ${peer} for user "(?<user>.*)" (?:failed|denied)\\.?(?: \\(rejected\\))?$`,
    ),
    is: meanings.notSignedIn,
  },
  { pattern: new RegExp(`^User "(?<user>.*)" successfully authenticated from ${peer}\\.?$`), is: meanings.signedIn },
]

/** Logback's ` [thread] LEVEL logger - `, after a date or only a clock. */
const logback = /^ ?\[(?<thread>[^\]]{1,80})\] (?<level>[A-Z]{4,5}) {1,2}[\w.$-]{1,120} - /
/** `docker compose logs` puts the name of the container before a line. */
const container = /^[\w.-]{1,64} +\| /

/** Apache Guacamole and the Tomcat it runs in: logback, and java.util.logging, which writes two lines each time. */
export const guacamoleLog: OwnLog = {
  id: 'guacamole',
  title: 'Apache Guacamole (Tomcat)',
  programs: ['guacamole', 'tomcat', 'tomcat9', 'tomcat10', 'catalina'],
  usual: logNamed('(guacamole[\\w./-]{0,80}\\.log|catalina[\\w.-]*(\\.out|\\.log)?)'),
  front(text) {
    const skip = container.exec(text.slice(0, 80))?.[0].length ?? 0
    return frontAt(text, skip)
  },
  marks: /guacamole|o\.a\.g\.|Authentication attempt from /,
  decode: (text) => decode(text),
}

function frontAt(text: string, from: number): Front | undefined {
  const level = /^(?<level>SEVERE|WARNING|INFO|CONFIG|FINE): /.exec(text)
  if (level !== null) return { level: level.groups?.level, next: level[0].length }
  const java = from === 0 ? readJava(text) : undefined
  if (java !== undefined) return { ...frontOf(text, java), next: java.end + 1 }
  const date = readDate(text, from)
  const clock = date === undefined ? /^\d{2}:\d{2}:\d{2}\.\d{3}/.exec(text.slice(from, from + 12))?.[0] : undefined
  const end = date?.end ?? (clock === undefined ? undefined : from + clock.length)
  const rest = end === undefined ? null : logback.exec(text.slice(end, end + 240))
  if (end === undefined || rest === null) return undefined
  const front = date === undefined ? { raw: text.slice(from, end) } : frontOf(text, date, from)
  return { ...front, next: end + rest[0].length, level: rest.groups?.level, thread: rest.groups?.thread }
}

/** `[203.0.113.7, 192.0.2.1]`: the last one connected, and said of the others that it forwards for them. */
function decode(text: string): Message | undefined {
  const message = readSentence(sentences, text, 'guacamole')
  if (message === undefined) return undefined
  const { peer: said, ...details } = message.tidewaiter ?? {}
  const peers = String(said)
    .replace(/[[\] ]/g, '')
    .split(',')
  message.source = toEnd(peers.at(-1) ?? '')
  return withDetails(message, peers.length > 1 ? { ...details, forwarded_for: peers.slice(0, -1) } : details)
}

const pair: Pair = {
  isHalf: isHead,
  complete: (head, line) => (hasNoTime(line) ? { ...line, ...timeOf(head, line) } : undefined),
  isOver: (_, { tidewaiter, '@timestamp': at }) => (at ?? tidewaiter.time) !== undefined,
}

/** `Apr 15, 2013 8:34:08 PM org.slf4j.impl.JCLLoggerAdapter warn`: what it warns of is in the line behind. */
function isHead({ event, message }: Event): boolean {
  return (
    event.dataset === 'guacamole' && event.action === undefined && /^[\w.$]{1,120} [\w<>$]{1,60}$/.test(message ?? '')
  )
}

function hasNoTime({ event, log, tidewaiter }: Event): boolean {
  return event.dataset === 'guacamole' && log !== undefined && tidewaiter.time === undefined
}

function timeOf(head: Event, line: Event): Partial<Event> {
  const { time } = head.tidewaiter
  const at = head['@timestamp']
  return { ...(at !== undefined && { '@timestamp': at }), tidewaiter: { ...line.tidewaiter, ...(time && { time }) } }
}

export function guacamole(otherwise: Decoder): Decoder {
  return paired(ownLog(guacamoleLog, otherwise), pair)
}
