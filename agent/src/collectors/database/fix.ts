import type { DatabaseServer } from '@tidewaiter/protocol'
import type { DatabaseCode } from '../../host.ts'

/** What gives an account, in statements of the engine. */
export const accountSteps = {
  postgresql:
    "PostgreSQL: CREATE ROLE tidewaiter LOGIN PASSWORD '...'; GRANT pg_read_all_stats TO tidewaiter; for reads by account shared_preload_libraries = 'pg_stat_statements', a restart, and CREATE EXTENSION pg_stat_statements in the database that is named.",
  mysql:
    "MySQL and MariaDB: CREATE USER tidewaiter@localhost IDENTIFIED BY '...'; GRANT PROCESS ON *.* TO tidewaiter@localhost; GRANT SELECT ON performance_schema.* TO tidewaiter@localhost; for reads by account on MariaDB SET GLOBAL userstat = 1.",
  'sql-server':
    "SQL Server: CREATE LOGIN tidewaiter WITH PASSWORD = '...'; GRANT VIEW SERVER STATE TO tidewaiter; and install mssql-tools18.",
} as const satisfies Record<DatabaseServer['engine'], string>

/** What would make a server answer. */
export function fixOf(code: DatabaseCode, { engine, host, socket, passwordFile, caFile }: DatabaseServer): string {
  const place = socket ?? host ?? ''
  if (code === 'password-file-broken')
    return `Write the password as the only line of ${passwordFile}: chown root, chmod 0600.`
  if (code === 'not-reachable') return `Start the server, or correct socket, host and port (${place}) in agent.yaml.`
  if (code === 'tls-refused')
    return `Give the server a certificate for ${place}, and under caFile (${caFile ?? 'not set'}) the authority that certified it.`
  if (code === 'login-refused' || code === 'not-permitted') return accountSteps[engine]
  if (code === 'not-installed') return accountSteps[engine]
  return `Look at the server at ${place}: it answers as none does, or too slowly. The agent asks again every minute.`
}
