import { expect, test } from 'vitest'
import { decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'

const read = (line: string) => eventsOf(decoderById('guacamole'), [line])[0]
const said = '[http-nio-8080-exec-5] WARN  o.a.g.r.auth.AuthenticationService - Authentication attempt from'

test('of several addresses the one that connected is the source, and the others are what it said', () => {
  expect(
    read(`guac  | 2023-04-06T09:13:34,820Z ${said} [203.0.113.9, 192.0.2.7] for user "ana" failed.`),
  ).toMatchObject({
    '@timestamp': '2023-04-06T09:13:34.820Z',
    event: { dataset: 'guacamole', outcome: 'failure' },
    source: { ip: '192.0.2.7' },
    user: { name: 'ana' },
    log: { level: 'warn' },
    tidewaiter: { forwarded_for: ['203.0.113.9'], thread: 'http-nio-8080-exec-5' },
  })
})

test('a clock without a date is kept as it stands and is no instant', () => {
  const event = read(`12:57:32.907 ${said} 192.0.2.7 for user "ana" failed.`)

  expect(event?.tidewaiter.time).toEqual({ raw: '12:57:32.907' })
  expect(event).not.toHaveProperty('@timestamp')
})
