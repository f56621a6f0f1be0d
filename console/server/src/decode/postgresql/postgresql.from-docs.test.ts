import { expect, test } from 'vitest'
import { eventsOf } from '../recorded.fixture.ts'
import { postgresql } from './index.ts'

// Written after github.com/pgaudit/pgaudit, "Format", and learn.microsoft.com, "Logs in Azure Database for PostgreSQL":
// neither was at hand.
const read = (line: string) => eventsOf(postgresql, [line])[0]

test('what pgAudit wrote of a statement says which table it was on, and what it did', () => {
  expect(
    read(
      '2026-11-26 13:34:21.129 UTC [7] ana@broker LOG:  AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.entries,"select *, note from entries",<not logged>',
    ),
  ).toMatchObject({
    event: { category: ['database'], type: ['access'], action: 'statement' },
    user: { name: 'ana' },
    tidewaiter: {
      audit: 'session',
      class: 'read',
      object: 'public.entries',
      statement: 'select *, note from entries',
      database: 'broker',
    },
  })
  expect(
    read(
      '2026-11-26 13:34:21.129 UTC [7] ana@broker LOG:  AUDIT: SESSION,2,1,ROLE,CREATE ROLE,,,create role x password <REDACTED>,<none>',
    ),
  ).toMatchObject({
    event: { action: 'user-created' },
  })
})

test('the prefix of Azure gives the session', () => {
  expect(
    read('2026-11-26 13:34:21 UTC-6b091fdd.2ea1-FATAL:  password authentication failed for user "ana"'),
  ).toMatchObject({
    '@timestamp': '2026-11-26T13:34:21Z',
    event: { outcome: 'failure', action: 'sign-in' },
    user: { name: 'ana' },
    tidewaiter: { session: '6b091fdd.2ea1' },
  })
})
