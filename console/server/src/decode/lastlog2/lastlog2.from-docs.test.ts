import { expect, test } from 'vitest'
import { madeBySqlite, rowEvents } from '../database.fixture.ts'

test('the last sign-in of each user is told, and who never signed in', () => {
  // The table as liblastlog2 of util-linux makes it; Time is in seconds since 1970.
  const { bytes } = madeBySqlite(`
    create table Lastlog2(Name text primary key, Time integer, TTY text, RemoteHost text, Service text);
    insert into Lastlog2 values ('ana', 1700000000, 'pts/1', '192.0.2.44', 'sshd'), ('root', 0, '', '', null)`)

  expect(rowEvents(bytes)).toMatchObject([
    {
      '@timestamp': '2023-11-14T22:13:20Z',
      event: { kind: 'state', action: 'last-sign-in', outcome: 'success' },
      user: { name: 'ana' },
      source: { ip: '192.0.2.44' },
      tidewaiter: { terminal: 'pts/1' },
    },
    { message: 'root never signed in', event: { action: 'last-sign-in' } },
  ])
})
