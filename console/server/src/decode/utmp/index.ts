import { type End, toEnd } from '../address.ts'
import { fixed } from '../cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Event } from '../decoder.ts'
import { type Login, looksLikeLogins, readLogin, recordBytes } from './record.ts'
import { type What, whatOf } from './what.ts'

const dataset = 'utmp'

/** Login records of glibc: utmp, wtmp and btmp. */
export const utmp: Decoder = {
  id: dataset,
  title: 'Login records (utmp, wtmp, btmp)',
  reads: ({ source }) => source === 'login' || source.startsWith('login:'),
  detects: looksLikeLogins,
  cut: fixed(recordBytes),
  start: (context) => ({ push: (record) => [toEvent(record, context)], end: () => [], state: () => undefined }),
}

function toEvent(record: DecodeRecord, context: DecodeContext): Event {
  const login = readLogin(record.bytes)
  if (login === undefined) return noLogin(record)
  const holds = record.head.pass?.holds
  const { message, ...what }: What = whatOf(login, { isFailed: isFailures(record), holds })
  const event: Event = {
    event: { kind: holds === 'all' ? 'state' : 'event', dataset, ...what },
    message,
    tidewaiter: { record: record.id, login: login.type },
  }
  addTime(event, login, { holds, readAt: context.readAt })
  addPlace(event, login)
  if (login.user !== '' && what.category.some((name) => name !== 'host')) event.user = { name: login.user }
  if (login.pid > 0) event.process = { pid: login.pid }
  return event
}

function noLogin(record: DecodeRecord): Event {
  return {
    event: { kind: 'pipeline_error', dataset, category: ['host'], type: ['info'] },
    message: '',
    error: { message: 'The record is no login record.' },
    tidewaiter: { record: record.id, encoding: 'binary' },
  }
}

/** Failed attempts stand in a file of their own: `login:btmp`, `log-file:/evidence/btmp.1`. */
function isFailures({ head: { source } }: DecodeRecord): boolean {
  return /(^|[:/])btmp[^:/]*$/.test(source)
}

/** A snapshot that sees a session again, or no more, says so of the time it was taken; the record says since when. */
function addTime(
  event: Event,
  { at }: Login,
  { holds, readAt }: { holds?: string | undefined; readAt: string | undefined },
): void {
  const isSeen = holds === 'all' || holds === 'ended'
  const time = isSeen ? readAt : at
  if (time !== undefined) event['@timestamp'] = time
  if (isSeen && at !== undefined) event.event.start = at
}

function addPlace(event: Event, { terminal, host, ip, session, type, exit }: Login): void {
  if (terminal !== '' && !terminal.startsWith('~')) event.tidewaiter.terminal = terminal
  if (session !== 0) event.tidewaiter.session = session
  if (type === 'dead' && (exit.signal !== 0 || exit.code !== 0)) event.tidewaiter.exit = exit
  if (type === 'boot' || type === 'run-level') {
    if (host !== '') event.host = { os: { kernel: host } }
    return
  }
  const source = sourceOf(host, ip)
  if (source !== undefined) event.source = source
}

/** A display such as `:0` is no other end. */
function sourceOf(host: string, ip: string | undefined): End | undefined {
  if (host.startsWith(':') && ip === undefined) return undefined
  if (host === '') return ip === undefined ? undefined : { address: ip, ip }
  const end = toEnd(host)
  return ip === undefined ? end : { ...end, ip }
}
