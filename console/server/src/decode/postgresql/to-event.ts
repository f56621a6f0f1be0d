import { placeNamed } from '../abbreviation.ts'
import type { Event, Message } from '../decoder.ts'
import { addMessage } from '../document.ts'
import { readSentence } from '../sentence.ts'
import { statementMeaning, withoutSecrets } from '../statement.ts'
import type { Timeline } from '../time.ts'
import { auditedIn } from './pgaudit.ts'
import type { Said } from './said.ts'
import { sentences } from './sentences.ts'

export const dataset = 'postgresql'
const service = 'postgresql'

/** Adds to the event of its lines what the server said. */
export function addSaid(event: Event, said: Said, place: Timeline): void {
  event.message = withoutSecrets(said.message)
  event.log = { level: said.severity.toLowerCase() }
  if (said.pid !== undefined) event.process = { pid: said.pid }
  addTime(event, said, place)
  addMessage(event, dataset, messageOf(said))
  const duration = durationOf(said)
  if (duration !== undefined) event.event.duration = duration
}

function addTime(event: Event, { time }: Said, place: Timeline): void {
  if (time?.at !== undefined) event['@timestamp'] = time.at
  if (time?.written === undefined) return
  const placed = placeNamed(place, { raw: time.raw, written: time.written, zone: time.zone ?? '' })
  if (placed.at !== undefined) event['@timestamp'] = placed.at
  if (placed.time !== undefined) event.tidewaiter.time = placed.time
}

/** What the server said, in the words of all decoders. */
export function messageOf(said: Said): Message {
  const { statement, ...read } = meaningOf(said)
  const message: Message = { ...read, event: { ...read.event } }
  if (said.code !== undefined && said.code !== '00000') message.event.code = said.code
  const { user, database, application, session, command, backend, detail, hint, context } = said
  const details = {
    database,
    application,
    session,
    command,
    backend,
    detail,
    hint,
    context,
    statement,
    ...message.tidewaiter,
  }
  message.tidewaiter = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined))
  const isClear = said.isDoubtful !== true && isSameUser(message, said)
  if (isClear) {
    if (user !== undefined) message.user ??= { name: user }
    if (said.client !== undefined) message.source ??= said.client
  }
  return isClear ? message : doubtful(message)
}

/** A name that imitates the layout of the prefix is another there than in the message. */
function isSameUser({ user, event }: Message, said: Said): boolean {
  const name = (user as { name?: string } | undefined)?.name
  const isSignIn = event.category?.includes('authentication') === true
  return !isSignIn || name === undefined || said.user === undefined || name === said.user
}

function doubtful({ event, service, tidewaiter }: Message): Message {
  const { detail } = tidewaiter ?? {}
  const doubt = 'The text can be read in more than one way, so that what could be either is left out.'
  const isSignIn = event.category?.includes('authentication') === true
  return {
    event: isSignIn && event.outcome === 'success' ? { ...event, outcome: 'unknown' } : event,
    service,
    tidewaiter: { ...(detail !== undefined && { detail }), doubt },
  }
}

type Meaning = Message & { statement?: string | undefined }

function meaningOf(said: Said): Meaning {
  const { severity, message } = said
  const statement = said.statement === undefined ? undefined : withoutSecrets(said.statement)
  const sentence = readSentence(sentences, message, service) ?? auditedIn(message, service)
  if (sentence !== undefined) return { ...sentence, statement }
  const ran = statementOf(message)
  if (ran !== undefined)
    return { event: statementMeaning(ran), service: { name: service }, statement: withoutSecrets(ran) }
  if (/^(?:ERROR|FATAL|PANIC)$/.test(severity))
    return {
      event: { category: ['database'], type: ['error'], outcome: 'failure', action: 'error', reason: message },
      service: { name: service },
      statement,
    }
  return { event: { category: ['database'], type: ['info'] }, service: { name: service }, statement }
}

const ran =
  /^(?:duration: \d{1,12}\.\d{3} ms {2})?(?:statement|execute [^:]{1,200}|parse [^:]{1,200}|bind [^:]{1,200}|execute fetch from [^:]{1,200}): (?<sql>.*)$/s

function statementOf(message: string): string | undefined {
  return ran.exec(message)?.groups?.sql
}

/** Nanoseconds of `duration: 60.380 ms` or of `session time: 0:00:00.083`. */
function durationOf({ message }: Said): number | undefined {
  const ms = /^duration: (\d{1,12})\.(\d{3}) ms/.exec(message)
  if (ms !== null) return Number(`${ms[1]}${ms[2]}`) * 1000
  const time = /^disconnection: session time: (\d{1,6}):(\d{2}):(\d{2})\.(\d{3}) /.exec(message)
  const [, hours, minutes, seconds, fraction] = time?.map(Number) ?? []
  if (hours === undefined || minutes === undefined || seconds === undefined || fraction === undefined) return undefined
  return (((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction) * 1_000_000
}
