import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeFile } from '../files.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { isMissing, pathOf, truthOf } from '../shared-data.fixture.ts'
import { webAccess } from './index.ts'

const combined =
  '192.0.2.7 - jdoe [17/May/2015:10:05:03 +0200] "GET /a/b?c=d&e HTTP/1.1" 200 203023 "https://broker.example/" "Mozilla/5.0 (X11)"'
const read = (line: string) => eventsOf(webAccess, [line])[0]

test('a line gives who asked for what, with what outcome, and the instant in UTC', () => {
  expect(read(combined)).toMatchObject({
    '@timestamp': '2015-05-17T08:05:03Z',
    event: { dataset: 'web-access', category: ['web'], type: ['access'], outcome: 'success', original: combined },
    message: 'GET /a/b?c=d&e HTTP/1.1 200',
    source: { address: '192.0.2.7', ip: '192.0.2.7' },
    user: { name: 'jdoe' },
    http: {
      version: '1.1',
      request: { method: 'GET', referrer: 'https://broker.example/' },
      response: { status_code: 200, body: { bytes: 203_023 } },
    },
    url: { original: '/a/b?c=d&e', path: '/a/b', query: 'c=d&e' },
    user_agent: { original: 'Mozilla/5.0 (X11)' },
  })
})

test('the common format, a dash for what is not known, and a log of several sites are read', () => {
  expect(read('2001:db8::1 - - [30/Sep/2021:08:00:55 +0000] "GET /.htpasswd HTTP/1.1" 403 -')).toMatchObject({
    event: { outcome: 'failure' },
    source: { ip: '2001:db8::1' },
    http: { response: { status_code: 403 } },
  })
  expect(
    read('www.example:443 192.0.2.7 - - [30/Sep/2021:08:00:55 +0000] "GET / HTTP/2.0" 304 0 "-" "curl/8"'),
  ).toMatchObject({ source: { ip: '192.0.2.7' }, url: { domain: 'www.example', path: '/' }, http: { version: '2.0' } })
  expect(read('192.0.2.7 - - [30/Sep/2021:08:00:55 +0000] "-" 408 0 "-" "-"')).toMatchObject({
    event: { outcome: 'failure' },
    message: '- 408',
  })
})

test('a name or a request that imitates the rest of the line changes nothing of it', () => {
  const name = String.raw`x [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 1`
  expect(read(`192.0.2.7 - ${name} [30/Sep/2021:08:00:55 +0000] "GET / HTTP/1.1" 401 9 "-" "-"`)).toMatchObject({
    '@timestamp': '2021-09-30T08:00:55Z',
    user: { name },
    http: { response: { status_code: 401 } },
  })
  const request = String.raw`GET /\" 200 5 \"-\" \"evil HTTP/1.1`
  expect(read(`192.0.2.7 - - [30/Sep/2021:08:00:55 +0000] "${request}" 404 9 "-" "-"`)).toMatchObject({
    url: { original: String.raw`/\" 200 5 \"-\" \"evil` },
    http: { response: { status_code: 404 } },
  })
  expect(read('192.0.2.7 - - [30/Sep/2021:08:00:55 +0000] "\\x16\\x03\\x01" 400 9 "-" "-"')?.url).toBeUndefined()
})

test.each([
  'no line of a log',
  '192.0.2.7 - - [31/Feb/2021:08:00:55 +0000] "GET / HTTP/1.1" 200 9',
  '192.0.2.7 - - [30/Sep/2021:08:00:55 +0000] "GET / HTTP/1.1 200 9',
  '192.0.2.7 - - [30/Sep/2021:08:00:55 +0000] "GET / HTTP/1.1" 2000 9',
])('%s is said to be none', (line) => {
  expect(read(line)).toMatchObject({
    event: { dataset: 'text', original: line },
    error: { message: expect.any(String) },
  })
})

describe.skipIf(isMissing('weblog', 'login_web_crowdsec'))('real logs (shared data)', () => {
  test('every line of a site is a request, and the large answers are those that were counted', async () => {
    const truth = truthOf('weblog')
    const events = await Array.fromAsync(decodeFile(pathOf('weblog/elastic_apache_17-18May2015.log')))
    const bytesOf = (event: (typeof events)[number]) =>
      (event.http as { response: { body?: { bytes: number } } } | undefined)?.response.body?.bytes ?? 0

    expect(events).toHaveLength(truth.lines)
    expect(events.filter(({ event }) => event.dataset !== 'web-access')).toEqual([])
    expect(Math.max(...events.map(bytesOf))).toBe(truth.max_bytes)
    expect(
      events.flatMap((event, i) =>
        bytesOf(event) > 10_000_000
          ? [
              {
                line: i + 1,
                ip: (event.source as { ip: string }).ip,
                url: (event.url as { original: string }).original,
                bytes: bytesOf(event),
                status: String((event.http as { response: { status_code: number } }).response.status_code),
              },
            ]
          : [],
      ),
    ).toEqual(truth.responses_over_10MB)
  })

  test.each([
    'nginx-bad-user-agent',
    'apache2-http-sensitive-files',
    'litespeed-http-sensitive-files',
    'nginx-http-malformed',
    'http-dos-invalid-http-versions',
  ])('lines of %s are requests', (name) => {
    const [log = ''] = readdirSync(pathOf(`login_web_crowdsec/${name}`)).filter((file) => file.endsWith('.log'))
    const lines = readFileSync(pathOf(`login_web_crowdsec/${name}/${log}`), 'latin1')
      .split('\n')
      .filter(Boolean)

    const events = eventsOf(webAccess, lines)

    expect(events.length).toBeGreaterThan(0)
    expect(events.filter(({ event }) => event.dataset !== 'web-access').map(({ message }) => message)).toEqual([])
  })
})
