import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseServer } from '@tidewaiter/protocol'
import { afterAll, expect, test } from 'vitest'
import { askSqlServer } from './sql-server.ts'

// Nobody here has a SQL Server: what sqlcmd prints is written after learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-utility
// and learn.microsoft.com/sql/relational-databases/json/format-query-results-as-json-with-for-json-sql-server.

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-sqlcmd-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const server: DatabaseServer = { name: 'entries', engine: 'sql-server', host: '127.0.0.1', user: 'tidewaiter' }

/** A program that says this, and writes down how it was called. */
function sqlcmd(says: string): string {
  const path = join(folder, 'sqlcmd')
  writeFileSync(
    path,
    `#!/bin/sh\nprintf '%s\\n' "$@" >${folder}/args\nprintf '%s' "$SQLCMDPASSWORD" >${folder}/env\n${says}\n`,
  )
  chmodSync(path, 0o755)
  return path
}

test('rows come as JSON that is broken into lines, and the password through the environment alone', async () => {
  const says = `case "$*" in
*virtual_file_stats*) printf '[{"database_name":"entries","num_of_reads":12,"num_of_bytes_re\\nad":98304},{"database_name":"tempdb","num_of_reads":1,"num_of_bytes_read":9007199254740993}]\\n';;
*dm_exec_sessions*) printf '';;
*dm_exec_query_stats*) printf '[{"total_rows":41}]';;
*) printf '[{"sqlserver_start_time":"2026-11-20T08:00:00.123"}]\\n';;
esac`

  const views = await askSqlServer(server, 'secret-one', sqlcmd(says))

  expect(views).toMatchObject([
    { view: 'sys.dm_os_sys_info', rows: [{ sqlserver_start_time: '2026-11-20T08:00:00.123' }] },
    {
      view: 'sys.dm_io_virtual_file_stats',
      rows: [{ database_name: 'entries', num_of_bytes_read: 98304 }, { num_of_reads: 1 }],
    },
    { view: 'sys.dm_exec_sessions', rows: [] },
    { view: 'sys.dm_exec_query_stats', rows: [{ total_rows: 41 }] },
  ])
  expect(readFileSync(join(folder, 'args'), 'utf8')).not.toContain('secret-one')
  expect(readFileSync(join(folder, 'env'), 'utf8')).toBe('secret-one')
})

test('a server on another machine has to prove what it is', async () => {
  await askSqlServer({ ...server, host: 'db.example' }, 'x', sqlcmd("printf '[]'"))
  const args = readFileSync(join(folder, 'args'), 'utf8').split('\n')

  expect(args).toContain('-N')
  expect(args).not.toContain('-C')
})

test.each([
  ['login-refused', "Login failed for user 'tidewaiter'."],
  ['tls-refused', 'SSL Provider: certificate verify failed'],
  ['not-reachable', 'TCP Provider: Error code 0x2749'],
])('%s is what it says', async (code, says) => {
  await expect(askSqlServer(server, 'x', sqlcmd(`echo "${says}" >&2; exit 1`))).rejects.toMatchObject({ code })
})

test('a view that is not permitted leaves the others alone', async () => {
  const says = `case "$*" in
*dm_exec_query_stats*) echo 'VIEW SERVER STATE permission was denied on object' >&2; exit 1;;
*) printf '[]';;
esac`

  const views = await askSqlServer(server, 'x', sqlcmd(says))

  expect(views.map(({ missing }) => missing?.code)).toEqual([undefined, undefined, undefined, 'not-permitted'])
})
