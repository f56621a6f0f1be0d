import { toEnd } from '../address.ts'
import type { Cutter } from '../cut.ts'
import type { DecodeRecord, Decoder, Event } from '../decoder.ts'
import { type Entry, kindOf, logged, readEntry, recordBytes } from './record.ts'

const dataset = 'utx'

const records: Cutter = {
  begin() {
    let kind: 'log' | 'fixed' | undefined
    return (bytes, from) => {
      kind ??= kindOf(bytes.subarray(from, from + 65_536)) ?? 'fixed'
      const length = kind === 'fixed' ? recordBytes : logged(bytes, from)
      // Beyond the longest record something else begins; it goes on in pieces.
      const end = from + Math.min(length ?? 2, recordBytes + 2)
      return end > bytes.length ? undefined : { end, next: end }
    }
  },
}

/** Login records of FreeBSD, and with it of pfSense and OPNsense: `/var/log/utx.log`, `utx.lastlogin`, `/var/run/utx.active`. */
export const utx: Decoder = {
  id: dataset,
  title: 'Login records of FreeBSD (utx.log, utx.active, utx.lastlogin)',
  reads: ({ source }) => source === dataset || source.startsWith(`${dataset}:`),
  detects: (sample) => kindOf(sample) !== undefined,
  cut: records,
  start: () => ({ push: toEvents, end: () => [], state: () => undefined }),
}

function toEvents(record: DecodeRecord): Event[] {
  const { bytes } = record
  const hasLength = logged(bytes, 0) === bytes.length
  const entry = readEntry(hasLength ? bytes.subarray(2) : bytes)
  if (entry === undefined) return [noEntry(record)]
  return entry.type === 'empty' && entry.at === undefined ? [] : [toEvent(record, entry)]
}

function noEntry({ id }: DecodeRecord): Event {
  return {
    event: { kind: 'pipeline_error', dataset, category: ['host'], type: ['info'] },
    message: '',
    error: { message: 'The record is no login record.' },
    tidewaiter: { record: id, encoding: 'binary' },
  }
}

function toEvent({ id }: DecodeRecord, entry: Entry): Event {
  const { at, user, terminal, host, pid, session } = entry
  const { message, ...what } = whatOf(entry)
  const event: Event = {
    event: { kind: 'event', dataset, ...what },
    message,
    tidewaiter: { record: id, login: entry.type },
  }
  if (at !== undefined) event['@timestamp'] = at
  if (user !== '') event.user = { name: user }
  if (pid > 0) event.process = { pid }
  if (terminal !== '') event.tidewaiter.terminal = terminal
  if (session !== '') event.tidewaiter.session = session
  if (host !== '' && !host.startsWith(':')) event.source = toEnd(host)
  return event
}

type What = Pick<Event['event'], 'category' | 'type' | 'action' | 'outcome'> & { message: string }

const signIn = ['authentication', 'session']
const ofHost = ['host']

function whatOf({ type, user, terminal }: Entry): What {
  if (type === 'user') {
    const message = `${user} signed in on ${terminal}`
    return { category: signIn, type: ['start'], action: 'sign-in', outcome: 'success', message }
  }
  // Whose session it was stands in the record of its beginning alone.
  if (type === 'dead') return { category: signIn, type: ['end'], action: 'sign-out', message: 'a session ended' }
  if (type === 'boot') return { category: ofHost, type: ['start'], action: 'boot', message: 'started' }
  if (type === 'shutdown') return { category: ofHost, type: ['end'], action: 'shutdown', message: 'shut down' }
  if (type === 'old-time' || type === 'new-time')
    return { category: ofHost, type: ['change'], action: 'clock-changed', message: `clock changed (${type})` }
  return { category: ofHost, type: ['info'], action: type, message: `${type} ${terminal}`.trim() }
}
