import { expect, test } from 'vitest'
import { decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'

const read = (line: string) => eventsOf(decoderById('squid'), [line])[0]

test('a request through the proxy names client, address and answer, at a full instant', () => {
  expect(
    read(
      '1386543323.250    104 192.0.2.7 TCP_MISS/200 4099 GET http://www.example/a - HIER_DIRECT/198.51.100.1 text/html',
    ),
  ).toMatchObject({
    '@timestamp': '2013-12-08T22:55:23.250Z',
    event: { dataset: 'squid', category: ['web'], type: ['access'], outcome: 'success', action: 'request' },
    source: { ip: '192.0.2.7' },
    url: { original: 'http://www.example/a' },
    http: { request: { method: 'GET' }, response: { status_code: 200, bytes: 4099 } },
    tidewaiter: { result: 'TCP_MISS', elapsed_ms: 104 },
  })
})

test('one that was denied is a failure, and a wrong password is a failed sign-in', () => {
  const denied = (status: number, user: string) =>
    read(`1386543323.000 4 192.0.2.7 TCP_DENIED/${status} 4099 CONNECT www.example:443 ${user} HIER_NONE/- text/html`)

  expect(denied(403, '-')).toMatchObject({ event: { outcome: 'failure', action: 'access-denied' } })
  expect(denied(407, 'ana')).toMatchObject({
    event: { category: ['authentication', 'web'], outcome: 'failure', action: 'sign-in' },
    user: { name: 'ana' },
  })
  expect(denied(407, '-')).toMatchObject({ event: { outcome: 'unknown', action: 'sign-in' } })
})

test('a line in a format of its own is text with the time it has', () => {
  expect(read('1386543323.000      4 something else')).toMatchObject({
    '@timestamp': '2013-12-08T22:55:23.000Z',
    event: { dataset: 'squid', category: ['host'] },
  })
})
