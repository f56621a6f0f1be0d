import { expect, test } from 'vitest'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'

// Written after dev.mysql.com/doc/refman/8.0/en/error-log-json.html: no such log was at hand.
const line = JSON.stringify({
  prio: 3,
  err_code: 10926,
  subsystem: 'Server',
  SQL_state: 'HY000',
  source_file: 'sql_authentication.cc',
  thread: 7,
  msg: "Access denied for user 'ana'@'192.0.2.7' (using password: YES)",
  time: '2026-11-26T13:34:21.634875Z',
  label: 'Note',
})

test('the error log as JSON says the same as its text', () => {
  expect(eventsOf(decoderById('mysqld'), [line])[0]).toMatchObject({
    '@timestamp': '2026-11-26T13:34:21.634875Z',
    event: { dataset: 'mysqld', outcome: 'failure', action: 'sign-in', code: 'MY-010926' },
    user: { name: 'ana' },
    source: { ip: '192.0.2.7' },
    log: { level: 'note' },
    tidewaiter: { thread: '7' },
  })
  expect(decoderByContent(Buffer.from(`${line}\n`)).id).toBe('mysqld')
})
