import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import type { DatabaseServer } from '@tidewaiter/protocol'
import type { DatabaseView } from '../../host.ts'
import { type Question, Unanswered } from './answer.ts'
import { askAll, tlsOf } from './connection.ts'
import { mostRows, wireLimit } from './limits.ts'

// Through sqlcmd and not a driver: tedious brings ninety packages with it, most of them for sign-ins to Azure, and 1.4 MB
// of bundle (measured), for what three views say.

/** Where Microsoft's packages and Go's put it (learn.microsoft.com/sql/linux/sql-server-linux-setup-tools). */
const places = ['/opt/mssql-tools18/bin/sqlcmd', '/opt/mssql-tools/bin/sqlcmd', '/usr/bin/sqlcmd']

const top = `TOP (${mostRows + 1})`

/** learn.microsoft.com/sql/relational-databases/system-dynamic-management-views. */
const sqlServerQuestions: readonly Question[] = [
  {
    view: 'sys.dm_os_sys_info',
    sql: 'SELECT CONVERT(varchar(33), sqlserver_start_time, 126) AS sqlserver_start_time FROM sys.dm_os_sys_info',
    texts: ['sqlserver_start_time'],
    numbers: [],
  },
  {
    view: 'sys.dm_io_virtual_file_stats',
    sql: `SELECT ${top} DB_NAME(database_id) AS database_name, SUM(num_of_reads) AS num_of_reads,
      SUM(num_of_bytes_read) AS num_of_bytes_read FROM sys.dm_io_virtual_file_stats(NULL, NULL)
      GROUP BY database_id ORDER BY SUM(num_of_bytes_read) DESC`,
    texts: ['database_name'],
    numbers: ['num_of_reads', 'num_of_bytes_read'],
  },
  {
    view: 'sys.dm_exec_sessions',
    sql: `SELECT ${top} login_name, program_name, host_name, COUNT(*) AS sessions, SUM(reads) AS reads,
      SUM(logical_reads) AS logical_reads FROM sys.dm_exec_sessions WHERE is_user_process = 1 AND session_id <> @@SPID
      GROUP BY login_name, program_name, host_name ORDER BY SUM(logical_reads) DESC`,
    texts: ['login_name', 'program_name', 'host_name'],
    numbers: ['sessions', 'reads', 'logical_reads'],
  },
  {
    view: 'sys.dm_exec_query_stats',
    sql: `SELECT SUM(execution_count) AS execution_count, SUM(total_rows) AS total_rows,
      SUM(total_logical_reads) AS total_logical_reads, SUM(total_physical_reads) AS total_physical_reads
      FROM sys.dm_exec_query_stats`,
    texts: [],
    numbers: ['execution_count', 'total_rows', 'total_logical_reads', 'total_physical_reads'],
  },
]

/** Throws `not-installed`, `not-reachable`, `login-refused`, `answer-malformed`. */
export function askSqlServer(
  server: DatabaseServer,
  password: string | undefined,
  sqlcmd = places.find(isThere),
): Promise<DatabaseView[]> {
  if (sqlcmd === undefined) throw new Unanswered('not-installed', `There is no sqlcmd at ${places.join(', ')}.`)
  const { host = 'localhost', port = 1433, user } = server
  // The certificate that SQL Server makes for itself is nobody's: on this machine alone it is taken.
  const tls = tlsOf(server) === undefined ? ['-C'] : ['-N']
  const args = ['-S', `tcp:${host},${port}`, '-U', user, ...tls, '-b', '-l', '3', '-t', '4', '-y', '0', '-Q']
  const ask = (sql: string) => said(sqlcmd, [...args, `SET NOCOUNT ON; ${sql} FOR JSON PATH`], password ?? '')
  return askAll({ ask }, sqlServerQuestions, (cause) =>
    cause instanceof Error && /permission was denied|does not have permission/i.test(cause.message)
      ? 'not-permitted'
      : undefined,
  )
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The password goes through the environment (learn.microsoft.com/sql/tools/sqlcmd): arguments are everybody's to read. */
function said(sqlcmd: string, args: readonly string[], password: string): Promise<unknown> {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', SQLCMDPASSWORD: password }
  return new Promise((resolve, reject) => {
    execFile(sqlcmd, args, { env, maxBuffer: wireLimit, timeout: 5_000 }, (cause, stdout, stderr) => {
      if (cause !== null) return reject(refusalOf(`${stderr} ${stdout}`.trim() || cause.message))
      resolve(rowsIn(stdout))
    })
  })
}

function refusalOf(says: string): Error {
  if (/Login failed/i.test(says)) return new Unanswered('login-refused', says)
  if (/certificate|SSL/i.test(says)) return new Unanswered('tls-refused', says)
  if (/permission/i.test(says)) return new Error(says)
  return new Unanswered('not-reachable', says)
}

/** A long text comes in lines of some 2,000 letters. */
function rowsIn(stdout: string): unknown {
  const [from, to] = [stdout.indexOf('['), stdout.lastIndexOf(']')]
  if (from < 0 || to < from) return []
  try {
    return JSON.parse(stdout.slice(from, to + 1).replaceAll(/\r?\n/g, ''))
  } catch {
    throw new Unanswered('answer-malformed', 'sqlcmd gave what is no JSON.')
  }
}
