import { toEnd } from '../address.ts'
import type { Event } from '../decoder.ts'
import { addMessage } from '../document.ts'
import { statementMeaning, withoutSecrets } from '../statement.ts'
import { toCount } from '../text.ts'
import { instant, type Timeline } from '../time.ts'
import type { Slow } from './entry.ts'

export const dataset = 'mysql-slow'

/** What is counted, and the field below `tidewaiter` for it. */
const counts = [
  ['Rows_sent', 'rows_sent'],
  ['Rows_examined', 'rows_examined'],
  ['Rows_affected', 'rows_affected'],
  ['Rows_read', 'rows_read'],
  ['Bytes_sent', 'bytes_sent'],
  ['Last_errno', 'errno'],
] as const

/** Adds to the event of its lines what they say of the statement. */
export function addSlow(event: Event, slow: Slow, place: Timeline): void {
  const { user, host, ip, connection, database, values } = slow
  const statement = withoutSecrets(slow.statement)
  event.message = statement
  addTime(event, slow, place)
  addMessage(event, dataset, {
    event: statementMeaning(statement),
    service: { name: 'mysqld' },
    ...(user !== undefined && { user: { name: user } }),
    ...((ip ?? host) !== undefined && { source: sourceOf(ip, host) }),
    tidewaiter: {
      statement,
      ...(database !== undefined && { database }),
      ...(connection !== undefined && { connection }),
    },
  })
  for (const [name, field] of counts) {
    const count = toCount(values.get(name) ?? '')
    if (count !== undefined) event.tidewaiter[field] = count
  }
  const duration = nanoseconds(values.get('Query_time') ?? '')
  if (duration !== undefined) event.event.duration = duration
}

function sourceOf(ip: string | undefined, host: string | undefined) {
  const end = toEnd(ip ?? host ?? '')
  return ip !== undefined && host !== undefined && end.ip !== undefined && host !== ip ? { ...end, domain: host } : end
}

/**
 * A time in UTC stands for itself, and one in the zone of the server where that is known. Else there are the seconds
 * behind the head: a session may set those to what it likes, so that they come last.
 */
function addTime(event: Event, { raw, written, timestamp }: Slow, place: Timeline): void {
  const placed = raw === undefined || written === undefined ? {} : place(raw, written)
  if (placed.time !== undefined) event.tidewaiter.time = placed.time
  const started = timestamp === undefined ? undefined : instant(timestamp, '')
  const at = placed.at ?? started
  if (at === undefined) return
  event['@timestamp'] = at
  if (placed.at === undefined) event.tidewaiter.time = { raw: `SET timestamp=${timestamp}` }
}

/** Seconds with a fraction of up to six digits; a day at most. */
function nanoseconds(seconds: string): number | undefined {
  const said = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(seconds)
  return said === null ? undefined : Number(said[1]) * 1e9 + Number((said[2] ?? '').padEnd(9, '0'))
}
