import { toEnd } from '../address.ts'
import type { DecodeRecord, Event } from '../decoder.ts'
import { textEvent } from '../document.ts'
import { toCount } from '../text.ts'
import { timeline } from '../time.ts'
import { readIso } from '../written.ts'

export const dataset = 'iis'

type Values = ReadonlyMap<string, string>

/** IIS writes UTC whatever the zone of its host is (learn.microsoft.com, "W3C Logging", `date` and `time`). */
const place = timeline({ zone: { offsetMinutes: 0, basis: 'times of this format are UTC' } })

/** Undefined for values that are no request: they have no date and time. */
export function requestEvent(record: DecodeRecord, text: string, values: Values): Event | undefined {
  const raw = `${values.get('date') ?? ''} ${values.get('time') ?? ''}`
  const reading = readIso(raw, 0)
  if (reading === undefined || reading.end !== raw.length) return undefined
  const event = textEvent(record, dataset, text)
  const { at } = place(raw, { ...reading.written, offset: 0 })
  if (at !== undefined) event['@timestamp'] = at
  event.event.category = ['web']
  event.event.type = ['access']
  addEnds(event, values)
  addExchange(event, values)
  addRest(event, values)
  const words = [values.get('cs-method'), originalOf(values), values.get('sc-status')]
  event.message = words.filter((word) => word !== undefined).join(' ')
  return event
}

function addEnds(event: Event, values: Values): void {
  const [client, server, user] = [values.get('c-ip'), values.get('s-ip'), values.get('cs-username')]
  if (client !== undefined) event.source = toEnd(client, toCount(values.get('c-port') ?? ''))
  if (server !== undefined) event.destination = toEnd(server, toCount(values.get('s-port') ?? ''))
  if (user === undefined) return
  const mark = user.indexOf('\\')
  event.user = mark < 0 ? { name: user } : { name: user.slice(mark + 1), domain: user.slice(0, mark) }
}

function addExchange(event: Event, values: Values): void {
  const status = toCount(values.get('sc-status') ?? '')
  const [sent, received] = [toCount(values.get('sc-bytes') ?? ''), toCount(values.get('cs-bytes') ?? '')]
  const [method, referrer] = [values.get('cs-method'), values.get('cs(Referer)')]
  const version = /^HTTP\/(\d(?:\.\d)?)$/.exec(values.get('cs-version') ?? '')?.[1]
  if (status !== undefined) event.event.outcome = status < 400 ? 'success' : 'failure'
  event.http = {
    ...(version !== undefined && { version }),
    request: {
      ...(method !== undefined && { method }),
      ...(referrer !== undefined && { referrer }),
      ...(received !== undefined && { bytes: received }),
    },
    response: { ...(status !== undefined && { status_code: status }), ...(sent !== undefined && { bytes: sent }) },
  }
}

function addRest(event: Event, values: Values): void {
  const [path, query, domain] = [values.get('cs-uri-stem'), values.get('cs-uri-query'), values.get('cs-host')]
  const original = originalOf(values)
  if (original !== undefined)
    event.url = {
      original,
      ...(path !== undefined && { path }),
      ...(query !== undefined && { query }),
      ...(domain !== undefined && { domain: domain.replace(/:\d{1,5}$/, '') }),
    }
  const agent = values.get('cs(User-Agent)')
  // A blank would end the value: IIS writes a plus for it.
  if (agent !== undefined) event.user_agent = { original: agent.replaceAll('+', ' ') }
  const computer = values.get('s-computername')
  if (computer !== undefined) event.host = { name: computer }
  const ms = toCount(values.get('time-taken') ?? '')
  if (ms !== undefined) event.event.duration = ms * 1_000_000
  for (const [name, field] of further) {
    const value = values.get(name)
    if (value !== undefined) event.tidewaiter[field] = value
  }
}

/** What ECS has no field for. */
const further = [
  ['sc-substatus', 'substatus'],
  ['sc-win32-status', 'win32_status'],
  ['s-sitename', 'site'],
  ['X-Forwarded-For', 'forwarded_for'],
] as const

function originalOf(values: Values): string | undefined {
  const [path, query] = [values.get('cs-uri-stem'), values.get('cs-uri-query')]
  return path === undefined ? undefined : `${path}${query === undefined ? '' : `?${query}`}`
}
