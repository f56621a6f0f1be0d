import { expect, test } from 'vitest'
import { eventsOfDatabase, madeBySqlite, rowEvents } from '../database.fixture.ts'

/** The table as wtmpdb makes it (lib/sqlite.c), with rows as its PAM module and boot service write them. */
const table = `create table wtmp(ID integer primary key, Type integer, User text not null, Login integer, Logout integer, TTY text,
  RemoteHost text, Service text) strict;`
const rows = `insert into wtmp values
  (1, 1, 'reboot', 1700000000000000, 1700009999000000, '~', '6.12.0-amd64', null),
  (2, 3, 'ana', 1700000100123456, 1700000200000000, 'pts/0', '192.0.2.44', 'sshd'),
  (3, 3, 'root', 1700000300000000, null, 'tty1', null, 'login')`

test('a session is a sign-in and a sign-out, a run of the system a boot and a shutdown', () => {
  expect(rowEvents(madeBySqlite(table + rows).bytes)).toMatchObject([
    {
      '@timestamp': '2023-11-14T22:13:20.000000Z',
      event: { action: 'boot' },
      host: { os: { kernel: '6.12.0-amd64' } },
    },
    { '@timestamp': '2023-11-15T00:59:59.000000Z', event: { action: 'shutdown' } },
    {
      '@timestamp': '2023-11-14T22:15:00.123456Z',
      event: { action: 'sign-in', outcome: 'success' },
      user: { name: 'ana' },
      source: { ip: '192.0.2.44' },
      service: { name: 'sshd' },
      tidewaiter: { terminal: 'pts/0' },
    },
    { '@timestamp': '2023-11-14T22:16:40.000000Z', event: { action: 'sign-out' }, user: { name: 'ana' } },
    { event: { action: 'sign-in' }, user: { name: 'root' }, tidewaiter: { terminal: 'tty1' } },
  ])
})

test('a sign-in that is in the write-ahead log alone is read, and names the frame it lies in', () => {
  const { bytes, wal } = madeBySqlite(`pragma journal_mode = wal; ${table}`, rows)

  expect(rowEvents(bytes)).toEqual([])
  expect(eventsOfDatabase(bytes, wal).slice(1)).toMatchObject(
    Array(5).fill({ tidewaiter: { record: expect.stringMatching(/^wal:/), database: { wal: 'applied' } } }),
  )
})
