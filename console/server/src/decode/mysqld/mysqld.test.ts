import { expect, test } from 'vitest'
import { decoderById } from '../index.ts'
import { eventsOf, recorded } from '../recorded.fixture.ts'
import { mysqld } from './index.ts'

const decode = (text: string) => mysqld.decode(text, 'mysqld')
const said = "Access denied for user 'ana'@'192.0.2.7' (using password: YES)"

test('a refusal is read with every time and label that releases put before it', () => {
  for (const before of [
    '261126  8:34:21 [Warning] ',
    '2026-11-26  8:34:21 5907 [Warning] ',
    '2026-11-26T08:34:21.237955Z 6 [Note] ',
    '2026-11-26T08:34:21.237955Z 113 [Note] [MY-010926] [Server] ',
  ])
    expect(eventsOf(decoderById('mysqld'), [`${before}${said}`])[0]).toMatchObject({
      event: { dataset: 'mysqld', outcome: 'failure', action: 'sign-in' },
      user: { name: 'ana' },
      source: { ip: '192.0.2.7' },
    })
})

test('an account that may not use a database is not one that has no password', () => {
  expect(decode("Access denied for user 'ana'@'192.0.2.7' to database 'broker'")).toMatchObject({
    event: { action: 'user-not-allowed' },
    tidewaiter: { database: 'broker' },
  })
})

test('a text that goes on after a refusal is none', () => {
  expect(decode(`${said} in a query that was logged`)).toBeUndefined()
})

test('a client that went away, or comes too often, is one of the network', () => {
  expect(
    decode(
      "Aborted connection 7 to db: 'broker' user: 'ana' host: '192.0.2.7' (Got timeout reading communication packets)",
    ),
  ).toMatchObject({ event: { category: ['network'] }, user: { name: 'ana' }, source: { ip: '192.0.2.7' } })
  expect(decode("Host '192.0.2.7' is blocked because of many connection errors; unblock with x")).toMatchObject({
    event: { outcome: 'failure', action: 'connection-refused' },
  })
})

test('a server that starts, refuses and stops says so (recorded from MariaDB 10.11.19, `fixtures/record-mariadb.sh`)', () => {
  const lines = recorded('mariadb-error.log').toString().split('\n').slice(0, -1)
  const events = eventsOf(decoderById('mysqld'), lines, {
    context: { zone: { name: 'America/New_York', basis: 'given by hand' } },
  })
  const told = events.filter(({ event }) => event.action !== undefined && event.action !== 'plugin-not-loaded')

  expect(told.map(({ event, user }) => [event.action, (user as { name?: string } | undefined)?.name])).toEqual([
    ['server-started', undefined],
    ['sign-in', 'ana'],
    ['sign-in', 'nobody1'],
    ['user-not-allowed', 'ana'],
    ['user-not-allowed', 'ana'],
    ['connection-reset', undefined],
    ['connection-reset', undefined],
    ['server-stopped', undefined],
    ['connection-closed', 'root'],
  ])
  expect(told[1]?.['@timestamp']).toBe('2026-11-27T06:27:39Z')
})
