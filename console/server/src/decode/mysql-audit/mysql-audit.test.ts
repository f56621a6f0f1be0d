import { describe, expect, test } from 'vitest'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf, recorded } from '../recorded.fixture.ts'
import { mysqlAudit } from './index.ts'

// Recorded from MariaDB 10.11.19 of Debian 12 with server_audit 1.4.14 (`fixtures/record-mariadb.sh`), in the zone of New York.
const lines = recorded('mariadb-server-audit.log').toString().split('\n').slice(0, -1)
const context = { zone: { name: 'America/New_York', basis: 'given by hand' } }
const events = eventsOf(mysqlAudit, lines, { context })

test('every line is read: who signed in, who did not, and why', () => {
  expect(events.filter(({ error }) => error !== undefined)).toEqual([])
  expect(
    events
      .filter(({ event }) => event.action === 'sign-in')
      .map(({ event, user }) => [event.outcome, (user as { name?: string } | undefined)?.name, event.code]),
  ).toEqual([
    ['success', 'root', undefined],
    ['success', 'ana', undefined],
    ['failure', 'ana', '1045'],
    ['failure', 'nobody1', '1045'],
    ['failure', 'ana', '1044'],
    ['failure', 'ana', '1044'],
    ['success', 'ana', undefined],
    ['success', 'root', undefined],
    ['failure', undefined, '1158'],
    ['success', 'root', undefined],
  ])
})

test('a statement is what was run, with its outcome', () => {
  expect(events.find(({ message }) => message?.startsWith('insert'))).toMatchObject({
    '@timestamp': '2026-11-27T06:27:39Z',
    message: "insert into entries values (1,'it''s\ntwo lines, and a tab\t')",
    event: { dataset: 'mysql-audit', outcome: 'success' },
    user: { name: 'ana' },
    host: { name: 'vm' },
    tidewaiter: { database: 'broker', connection: '4' },
  })
  expect(events.find(({ message }) => message === 'select * from mysql.user')).toMatchObject({
    event: { outcome: 'failure', code: '1142' },
  })
  const actions = new Set(events.map(({ event }) => event.action))
  for (const action of ['user-created', 'privilege-granted', 'rows-exported', 'data-dropped', 'table-read'])
    expect(actions).toContain(action)
})

describe('what a client calls itself', () => {
  test.each([
    'x,203.0.113.9,5,0,CONNECT,,,0',
    "x,203.0.113.9,5,0,QUERY,b,'select 1',0",
    'x,203.0.113.9,5,0,CONNECT,b',
    'x,y',
  ])('gives no other address and no success: %s', (name) => {
    const [event] = eventsOf(mysqlAudit, [`20261127 01:27:39,vm,${name},192.0.2.7,5,0,FAILED_CONNECT,,,1045`])

    expect(event?.event.outcome).not.toBe('success')
    expect([undefined, '192.0.2.7']).toContain((event?.source as { ip?: string } | undefined)?.ip)
    expect(event?.user).toBeUndefined()
  })
})

test('syslog carries the same lines', () => {
  const [event] = eventsOf(decoderById('syslog'), [
    'Nov 27 01:27:39 db mysql-server_auditing: vm,nobody1,192.0.2.7,6,0,FAILED_CONNECT,,,1045',
  ])

  expect(event).toMatchObject({
    event: { dataset: 'mysql-audit', outcome: 'failure', action: 'sign-in', code: '1045' },
    user: { name: 'nobody1' },
    source: { ip: '192.0.2.7' },
  })
})

test('a log is known by what it holds', () => {
  expect(decoderByContent(recorded('mariadb-server-audit.log')).id).toBe('mysql-audit')
})
