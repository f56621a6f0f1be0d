import { expect, test } from 'vitest'
import { decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'

const read = (line: string) => eventsOf(decoderById('mongodb'), [line])[0]

test('a line of JSON gives its fields, whatever a name holds', () => {
  const name = 'x","remote":"203.0.113.9:1'
  const line = JSON.stringify({
    t: { $date: '2026-11-26T13:34:21.129-05:00' },
    s: 'I',
    c: 'ACCESS',
    id: 5286307,
    ctx: 'conn7',
    msg: 'Failed to authenticate',
    attr: {
      client: '192.0.2.7:52234',
      mechanism: 'SCRAM-SHA-256',
      user: name,
      db: 'admin',
      error: 'AuthenticationFailed',
    },
  })

  expect(read(line)).toMatchObject({
    '@timestamp': '2026-11-26T18:34:21.129Z',
    event: { dataset: 'mongodb', outcome: 'failure', action: 'sign-in', reason: 'AuthenticationFailed' },
    user: { name },
    source: { ip: '192.0.2.7', port: 52234 },
    tidewaiter: { method: 'SCRAM-SHA-256', database: 'admin', thread: 'conn7' },
  })
})

test('connections begin and end', () => {
  expect(
    read(
      '2016-11-20T12:54:02.370+0100 [initandlisten] connection accepted from 192.0.2.7:58774 #22 (1 connection now open)',
    ),
  ).toMatchObject({
    event: { category: ['network'], action: 'connection-opened' },
    source: { ip: '192.0.2.7', port: 58774 },
  })
  expect(
    read('2020-01-01T00:00:00.000+0000 I  NETWORK  [conn7] end connection 192.0.2.7:58774 (0 connections now open)'),
  ).toMatchObject({
    event: { action: 'connection-closed' },
  })
})

test('JSON that is of another program, or none, is text', () => {
  for (const line of ['{"t":1}', '{"t":{"$date":"yesterday"},"msg":"Authentication failed"}', '{"t":{"$date":', '{}'])
    expect(read(line)).toMatchObject({ event: { dataset: 'mongodb', category: ['host'], original: line } })
})
