import { type End, toEnd } from '../address.ts'
import { type Cutter, fixed } from '../cut.ts'
import type { DecodeContext, DecodeRecord, Decoder, Event } from '../decoder.ts'
import { layouts } from './layout.ts'
import { type Login, layoutOf, readLogin } from './record.ts'
import { type What, whatOf } from './what.ts'

const dataset = 'utmp'

/** The records of a file are of one length, which its beginning tells. */
const records: Cutter = {
  begin() {
    let cut: ReturnType<typeof fixed> | undefined
    return (bytes, from) => {
      cut ??= fixed((layoutOf(bytes.subarray(from, from + 65_536)) ?? layouts[0]).bytes)
      return cut(bytes, from)
    }
  },
}

/** Login records of Linux (utmp, wtmp and btmp, whatever the machine) and of macOS (utmpx). */
export const utmp: Decoder = {
  id: dataset,
  title: 'Login records (utmp, wtmp, btmp, utmpx)',
  reads: ({ source }) => source === 'login' || source.startsWith('login:'),
  detects: (sample) => layoutOf(sample) !== undefined,
  cut: records,
  start: (context) => ({ push: (record) => toEvents(record, context), end: () => [], state: () => undefined }),
}

function toEvents(record: DecodeRecord, context: DecodeContext): Event[] {
  const login = readLogin(record.bytes)
  if (login === undefined) return [noLogin(record)]
  // It says that the file is one of macOS, and nothing else.
  return login.type === 'signature' ? [] : [toEvent(record, login, context)]
}

function toEvent(record: DecodeRecord, login: Login, context: DecodeContext): Event {
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
