import { toEnd } from '../address.ts'
import { type Cutter, fixed } from '../cut.ts'
import type { DecodeRecord, Decoder, Event } from '../decoder.ts'
import { isEmpty, type LastLogin, layoutOf, readLastLogin, recordBytes } from './record.ts'

const dataset = 'lastlog'

/** A record of either length begins after so many bytes. */
const emptyBytes = 292 * 74

/** The first record that was written tells their length; what is empty before it is passed over in larger pieces. */
const records: Cutter = {
  begin() {
    let cut: ReturnType<typeof fixed> | undefined
    return (bytes, from) => {
      if (cut !== undefined) return cut(bytes, from)
      const end = from + emptyBytes
      // Most of the file: nobody looks for records in it.
      if (end <= bytes.length && isEmpty(bytes.subarray(from, end))) return { end, next: end }
      const layout = layoutOf(bytes.subarray(from, from + 65_536))
      if (layout === undefined && end > bytes.length) return undefined
      cut = fixed(layout?.bytes ?? recordBytes)
      return cut(bytes, from)
    }
  },
}

/**
 * `/var/log/lastlog`: the last sign-in of each user; a newer one writes it over. The number of a record is the id of the
 * user, so that nearly all of the file is empty: who never signed in is no event.
 */
export const lastlog: Decoder = {
  id: dataset,
  title: 'Last sign-ins (lastlog)',
  reads: ({ source }) => /^log-file:(history:)?(.*\/)?lastlog$/.test(source),
  detects: (sample) => layoutOf(sample) !== undefined,
  cut: records,
  start: () => ({ push: toEvents, end: () => [], state: () => undefined }),
}

function toEvents(record: DecodeRecord): Event[] {
  if (isEmpty(record.bytes)) return []
  const login = readLastLogin(record.bytes)
  return [login === undefined ? noLogin(record) : toEvent(record, login)]
}

function noLogin({ id }: DecodeRecord): Event {
  return {
    event: { kind: 'pipeline_error', dataset, category: ['host'], type: ['info'] },
    message: '',
    error: { message: 'The record is no last sign-in.' },
    tidewaiter: { record: id, encoding: 'binary' },
  }
}

function toEvent({ id, position, bytes }: DecodeRecord, { at, terminal, host }: LastLogin): Event {
  const user = position % bytes.length === 0 ? String(position / bytes.length) : undefined
  const event: Event = {
    '@timestamp': at,
    event: {
      kind: 'state',
      dataset,
      category: ['authentication', 'session'],
      type: ['info'],
      action: 'last-sign-in',
      outcome: 'success',
    },
    message: `user ${user ?? 'without a number'} last signed in on ${terminal}`,
    tidewaiter: { record: id, terminal },
  }
  if (user !== undefined) event.user = { id: user }
  if (host !== '' && !host.startsWith(':')) event.source = toEnd(host)
  return event
}
