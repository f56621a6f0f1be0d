import { expect, test } from 'vitest'
import { eventsOf } from '../recorded.fixture.ts'
import { iis } from './index.ts'

// Made from the page of the format: no log of an IIS was at hand (learn.microsoft.com/windows/win32/http/w3c-logging).
const header =
  '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken'
const opening = [
  '#Software: Microsoft Internet Information Services 10.0',
  '#Version: 1.0',
  '#Date: 2026-11-26 00:00:01',
  header,
]
const request =
  '2026-11-26 00:00:03 192.0.2.1 GET /broker/entries.aspx id=7&all=1 443 BROKER\\jdoe 198.51.100.9 Mozilla/5.0+(Windows+NT+10.0) https://broker.example/ 200 0 0 203023 512 46'

test('a request has the fields that the header names, in UTC whatever the zone of the host is', () => {
  const events = eventsOf(iis, [...opening, `${request}\r`], {
    context: { zone: { name: 'America/New_York', basis: '' } },
  })

  expect(events.map(({ error }) => error)).toEqual(new Array(5).fill(undefined))
  expect(events[4]).toMatchObject({
    '@timestamp': '2026-11-26T00:00:03Z',
    event: { dataset: 'iis', category: ['web'], type: ['access'], outcome: 'success', duration: 46_000_000 },
    message: 'GET /broker/entries.aspx?id=7&all=1 200',
    source: { ip: '198.51.100.9' },
    destination: { ip: '192.0.2.1', port: 443 },
    user: { name: 'jdoe', domain: 'BROKER' },
    url: { original: '/broker/entries.aspx?id=7&all=1', path: '/broker/entries.aspx', query: 'id=7&all=1' },
    http: {
      request: { method: 'GET', referrer: 'https://broker.example/', bytes: 512 },
      response: { status_code: 200, bytes: 203_023 },
    },
    user_agent: { original: 'Mozilla/5.0 (Windows NT 10.0)' },
    tidewaiter: { header, substatus: '0', win32_status: '0' },
  })
})

test('a header that changes within a file holds for what comes after it', () => {
  const [, , first, , second] = eventsOf(iis, [
    '#Version: 1.0',
    '#Fields: date time c-ip cs-method cs-uri-stem sc-status',
    '2026-11-26 00:00:03 198.51.100.9 GET /a 404',
    '#Fields: date time cs-method c-ip sc-status cs-uri-stem',
    '2026-11-26 00:00:04 POST 198.51.100.9 500 /b',
  ])

  expect(first).toMatchObject({ message: 'GET /a 404', source: { ip: '198.51.100.9' } })
  expect(second).toMatchObject({ message: 'POST /b 500', event: { outcome: 'failure' } })
})

test('what comes after a restart, or is read alone, is read by the header that it was written under', () => {
  const decoding = iis.start({})
  for (const line of opening)
    decoding.push({ id: 'host/1/0', bytes: Buffer.from(line), head: {} as never, position: 0 })
  const saved: unknown = JSON.parse(JSON.stringify(decoding.state()))
  const later = iis
    .start({}, saved)
    .push({ id: 'host/2/0', bytes: Buffer.from(request), head: {} as never, position: 0 })
  expect(later[0]?.message).toBe('GET /broker/entries.aspx?id=7&all=1 200')

  const alone = iis.start({ header: String(later[0]?.tidewaiter.header) })
  expect(alone.push({ id: 'host/2/0', bytes: Buffer.from(request), head: {} as never, position: 0 })).toEqual(later)
})

test('a line without its header, or that does not fit it, says so and keeps its text', () => {
  expect(eventsOf(iis, [request])[0]).toMatchObject({ event: { dataset: 'text', original: request }, error: {} })
  expect(eventsOf(iis, [header, `${request} more`])[1]?.error?.message).toMatch(/does not fit/)
  expect(eventsOf(iis, [header, request.replace('2026-11-26', '2026-13-26')])[1]?.error).toBeDefined()
  expect(eventsOf(iis, ['#Fields: date time __proto__', '2026-11-26 00:00:03 x'])[1]?.error).toBeDefined()
})

test('it is told by its header, and a log of something else with one is not it', () => {
  expect(iis.detects(Buffer.from(`${opening.join('\r\n')}\r\n`))).toBe(true)
  expect(iis.detects(Buffer.from('#Version: 1.5\n#Fields: date time action protocol src-ip\n'))).toBe(false)
})
