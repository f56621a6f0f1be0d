import { describe, expect, test } from 'vitest'
import { decoderByContent } from '../index.ts'
import { eventsOf, recorded } from '../recorded.fixture.ts'
import { isMissing } from '../shared-data.fixture.ts'
import { statementAccuracy } from './accuracy.fixture.ts'
import { mysqlSlow } from './index.ts'

// Recorded from MariaDB 10.11.19 of Debian 12 (`fixtures/record-mariadb.sh`), in the zone of New York.
const lines = recorded('mariadb-slow.log').toString().split('\n').slice(0, -1)
const context = { zone: { name: 'America/New_York', basis: 'given by hand' } }
const events = eventsOf(mysqlSlow, lines, { context }).filter(({ event }) => event.duration !== undefined)

test('a statement has who ran it, from where, how long it took and what it read', () => {
  expect(events[0]).toMatchObject({
    '@timestamp': '2026-11-27T06:27:39Z',
    event: { dataset: 'mysql-slow', category: ['database'], type: ['access'], duration: 61_904_000 },
    message: 'select sleep(0.06)',
    user: { name: 'ana' },
    source: { ip: '127.0.0.1', domain: 'localhost' },
    tidewaiter: { database: 'broker', connection: '4', rows_sent: 1, rows_examined: 0, bytes_sent: 68 },
  })
  expect(events[0]?.tidewaiter.records).toHaveLength(12)
})

test('one that names no time has the second at which the server says it began', () => {
  expect(events.map(({ message, '@timestamp': at }) => [message, at])).toEqual([
    ['select sleep(0.06)', '2026-11-27T06:27:39Z'],
    ['drop table broker.entries', '2026-11-27T06:27:40Z'],
    ['select sleep(0.07)', '2026-11-27T06:27:40Z'],
  ])
  expect(events[2]?.tidewaiter.time).toEqual({ raw: 'SET timestamp=1795760860' })
})

test('a statement keeps its own comments, and one without a head is only text', () => {
  const [event] = eventsOf(mysqlSlow, [
    '# Time: 2026-11-26T13:34:21.634875Z',
    '# User@Host: ana[ana] @  [192.0.2.7]  Id:    12',
    '# Query_time: 1.5  Lock_time: 0.000002 Rows_sent: 9  Rows_examined: 4000000',
    'SET timestamp=1795700060;',
    'select *',
    '# all of them',
    'from entries;',
  ])

  expect(event).toMatchObject({
    '@timestamp': '2026-11-26T13:34:21.634875Z',
    message: 'select *\n# all of them\nfrom entries',
    source: { ip: '192.0.2.7' },
    event: { duration: 1_500_000_000 },
    tidewaiter: { rows_examined: 4_000_000, connection: '12' },
  })
  expect(eventsOf(mysqlSlow, ['from entries;'])[0]?.event.action).toBeUndefined()
})

test('a log is known by what it holds', () => {
  expect(decoderByContent(recorded('mariadb-slow.log')).id).toBe('mysql-slow')
})

describe.skipIf(isMissing('mysql_slow_log'))('logs of other servers (shared data)', () => {
  test('have as many statements, rows and accounts as were counted', async () => {
    const { records, right, differences } = await statementAccuracy()

    expect(differences).toEqual([])
    expect(right).toBe(records)
  })
})
