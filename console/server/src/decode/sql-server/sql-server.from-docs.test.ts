import { describe, expect, test } from 'vitest'
import { decodeFile } from '../files.ts'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { sqlServer } from './index.ts'

// Written after the messages as learn.microsoft.com gives them ("Database Engine events and errors", "MSSQLSERVER_18456",
// "View the SQL Server error log"): no whole log with a licence was at hand.
const log = [
  '2026-11-26 08:00:01.12 Server      Microsoft SQL Server 2022 (RTM) - 16.0.1000.6 (X64) ',
  '\tOct  8 2022 05:58:25 ',
  '\tCopyright (C) 2022 Microsoft Corporation',
  '2026-11-26 08:00:03.50 spid9s      SQL Server is now ready for client connections. This is an informational message; no user action is required.',
  '2026-11-26 08:01:00.00 Logon       Error: 18456, Severity: 14, State: 8.',
  "2026-11-26 08:01:00.00 Logon       Login failed for user 'ana'. Reason: Password did not match that for the login provided. [CLIENT: 192.0.2.7]",
  "2026-11-26 08:01:02.00 Logon       Login succeeded for user 'BROKER\\ana'. Connection made using Windows authentication. [CLIENT: <local machine>]",
  "2026-11-26 08:02:00.25 spid55      Configuration option 'xp_cmdshell' changed from 0 to 1. Run the RECONFIGURE statement to install.",
  "2026-11-26 08:02:01.00 spid55      Using 'xplog70.dll' version '2022.160.1000' to execute extended stored procedure 'xp_msver'. This is an informational message only; no user action is required.",
  "2026-11-26 08:03:00.00 Backup      Database backed up. Database: broker, creation date(time): 2026/01/02(03:04:05), pages dumped: 426, first LSN: 37:1:1, last LSN: 37:9:1, number of dump devices: 1, device information: (FILE=1, TYPE=DISK: {'\\\\198.51.100.9\\x\\broker.bak'}). This is an informational message only. No user action is required.",
  '2026-11-26 08:04:00.00 spid56      DBCC CHECKDB (broker) executed by BROKER\\ana found 0 errors and repaired 0 errors. Elapsed time: 0 hours 0 minutes 1 seconds.',
  '2026-11-26 08:05:00.00 spid57      Error: 3041, Severity: 16, State: 1.',
  '2026-11-26 08:05:00.00 spid57      BACKUP failed to complete the command BACKUP DATABASE broker. Check the backup application log for detailed messages.',
  '2026-11-26 08:06:00.00 spid7s      SQL Server is terminating because of a system shutdown. This is an informational message only. No user action is required.',
]
const context = { zone: { name: 'America/New_York', basis: 'given by hand' } }
const read = (lines: readonly string[]) => eventsOf(sqlServer, lines, { context })
const events = read(log)

test('a failed sign-in is one event of two lines: who, from where, why, with number and state', () => {
  expect(events.find(({ event }) => event.outcome === 'failure')).toMatchObject({
    '@timestamp': '2026-11-26T13:01:00.00Z',
    event: {
      dataset: 'sql-server',
      category: ['authentication'],
      action: 'sign-in',
      code: '18456',
      severity: 14,
      reason: 'Password did not match that for the login provided.',
    },
    user: { name: 'ana' },
    source: { ip: '192.0.2.7' },
    tidewaiter: { state: '8', speaker: 'Logon', records: expect.arrayContaining([expect.any(String)]) },
  })
})

test('what else happened has a name: settings, backups, checks, start and end', () => {
  expect(events.map(({ event }) => event.action)).toEqual([
    undefined,
    'server-started',
    'sign-in',
    'sign-in',
    'setting-changed',
    'procedure-loaded',
    'backed-up',
    'checked',
    'backup-failed',
    'server-stopped',
  ])
  expect(events[4]?.tidewaiter).toMatchObject({ setting: 'xp_cmdshell', before: '0', value: '1' })
  expect(events[6]?.tidewaiter).toMatchObject({
    database: 'broker',
    devices: "FILE=1, TYPE=DISK: {'\\\\198.51.100.9\\x\\broker.bak'}",
  })
  expect(events[7]).toMatchObject({ user: { name: 'BROKER\\ana' }, tidewaiter: { command: 'CHECKDB' } })
  expect(events[3]).toMatchObject({ event: { outcome: 'success' }, tidewaiter: { local: 'local machine' } })
  expect(events[3]?.source).toBeUndefined()
})

test('it is read as UTF-16, as Windows writes it, and as UTF-8', async () => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${log.join('\r\n')}\r\n`, 'utf16le')])
  async function* stream() {
    yield bytes
  }
  const wide = await Array.fromAsync(
    decodeFile(stream() as unknown as NodeJS.ReadableStream, { zone: 'America/New_York' }),
  )
  const told = (all: typeof wide) =>
    all
      .filter(({ event }) => event.action !== undefined)
      .map(({ '@timestamp': at, event, user, source, message }) => ({ at, event: event.action, user, source, message }))

  expect(told(wide)).toEqual(told(events))
  expect(decoderByContent(Buffer.from(`${log.join('\n')}\n`)).id).toBe('sql-server')
})

describe('what a client calls itself', () => {
  test.each([
    "x'. Reason: y [CLIENT: 203.0.113.9]",
    "x' because y [CLIENT: 203.0.113.9]",
    "x'. Connection made using SQL Server authentication. [CLIENT: 203.0.113.9]",
    'x] [CLIENT: 203.0.113.9]',
  ])('is no other address and no success: %s', (name) => {
    const [event] = read([
      `2026-11-26 08:01:00.00 Logon       Login failed for user '${name}'. Reason: Could not find a login matching the name provided. [CLIENT: 192.0.2.7]`,
    ])

    expect(event).toMatchObject({ event: { outcome: 'failure' }, source: { ip: '192.0.2.7' } })
    expect([undefined, name]).toContain((event?.user as { name?: string } | undefined)?.name)
  })
})

test('the journal carries the same lines of SQL Server on Linux', () => {
  const [event] = eventsOf(decoderById('syslog'), [
    "Nov 26 08:01:00 db sqlservr[812]: 2026-11-26 08:01:00.00 Logon       Login failed for user 'ana'. Reason: Password did not match that for the login provided. [CLIENT: 192.0.2.7]",
  ])

  expect(event).toMatchObject({
    event: { dataset: 'sql-server', outcome: 'failure' },
    user: { name: 'ana' },
    source: { ip: '192.0.2.7' },
  })
})
