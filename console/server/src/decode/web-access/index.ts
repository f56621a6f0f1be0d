import { toEnd } from '../address.ts'
import { firstLines, lines } from '../cut.ts'
import type { DecodeRecord, Decoder, Event } from '../decoder.ts'
import { textEvent, unreadable } from '../document.ts'
import { toText } from '../text.ts'
import { type Timeline, timeline } from '../time.ts'
import { requestOf } from './request.ts'
import { type Line, scan } from './scan.ts'

const dataset = 'web-access'

/** Access logs as the packages of Apache and nginx name them; others are found by their content. */
const usual = /\/(other_vhosts_)?(ssl_)?access([_.-]log|\.log)([.-][0-9]+)?(\.gz)?$/

/** What web servers wrote of requests: Apache, nginx, LiteSpeed and many others. */
export const webAccess: Decoder = {
  id: dataset,
  title: 'Web access log (Common and Combined Log Format)',
  reads: ({ source }) => source.startsWith('log-file:') && usual.test(source),
  detects(sample) {
    const all = firstLines(sample, 50)
    return all.length > 0 && all.filter((line) => scan(line) !== undefined).length * 3 >= all.length
  },
  cut: lines,
  start(context) {
    const place = timeline(context)
    return { push: (record) => [toEvent(record, place)], end: () => [], state: () => undefined }
  },
}

function toEvent(record: DecodeRecord, place: Timeline): Event {
  const text = toText(record.bytes)
  const line = scan(text.endsWith('\r') ? text.slice(0, -1) : text)
  if (line === undefined) return unreadable(record, 'text', { says: 'This is no line of an access log.', text })
  const event = textEvent(record, dataset, text)
  const { at, time } = place(line.rawTime, line.time)
  if (at !== undefined) event['@timestamp'] = at
  if (time !== undefined) event.tidewaiter.time = time
  addExchange(event, line)
  return event
}

function addExchange(event: Event, { vhost, client, user, request, status, bytes, referrer, agent }: Line): void {
  const { method, version, url } = requestOf(request, vhost)
  event.event.category = ['web']
  event.event.type = ['access']
  if (status !== undefined) event.event.outcome = status < 400 ? 'success' : 'failure'
  event.source = toEnd(client)
  if (user !== undefined) event.user = { name: user }
  if (url !== undefined) event.url = url
  if (agent !== undefined) event.user_agent = { original: agent }
  event.http = {
    ...(version !== undefined && { version }),
    request: { ...(method !== undefined && { method }), ...(referrer !== undefined && { referrer }) },
    response: {
      ...(status !== undefined && { status_code: status }),
      ...(bytes !== undefined && { body: { bytes } }),
    },
  }
  event.message = status === undefined ? request : `${request} ${status}`
}
