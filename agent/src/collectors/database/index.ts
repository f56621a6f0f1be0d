import { type DatabaseServer, snapshotMs } from '@tidewaiter/protocol'
import { toRecord } from '../../chunk.ts'
import type { DatabaseView } from '../../host.ts'
import type { Collector, Standing } from '../collector.ts'
import { handOver, type Row, type Table } from '../pass.ts'
import { accountSteps, fixOf } from './fix.ts'
import { engines, serverProcesses } from './processes.ts'

export const databases: Collector = {
  id: 'database',
  resource: 'System logs (including event logs)',
  platforms: ['linux'],
  every: snapshotMs.database,
  reads:
    'Counters of what was read, as database servers keep them themselves: by database, table and account. PostgreSQL: pg_stat_database, pg_stat_user_tables, pg_stat_activity, pg_stat_statements without the texts of statements; MySQL and MariaDB: SHOW GLOBAL STATUS, processlist, user_statistics, table_statistics, performance_schema; SQL Server: dm_io_virtual_file_stats, dm_exec_sessions, dm_exec_query_stats. Of every server process on this host the bytes it read (/proc/<pid>/io).',
  needs: `An account that may read counters and nothing else, under "databases" in agent.yaml, with its password in a file of its own. ${accountSteps.postgresql} ${accountSteps.mysql} ${accountSteps['sql-server']} Without an account: to run as root.`,
  cannotSee:
    'What was read, and by which statement; rows beyond the 64 of each view that read most; tables of a PostgreSQL database other than the one that is named, and of MariaDB those that the account may not SELECT from; reads by account where neither pg_stat_statements nor userstat is on; what a server that was taken over makes of its counters. What the agent asks counts with the rest (some 1,500 rows of a PostgreSQL a pass). Of a server without an account: anything but bytes, which what lies in its memory never adds to.',
  provenOn:
    'PostgreSQL 15 and MariaDB 10.11 on Debian 12, live. SQL Server by documentation alone, through sqlcmd; MySQL itself never: its views are those of MariaDB.',

  async *collect(host, signal, from) {
    const { databases: servers = [] } = from
    const readAt = host.now()
    const { table, running } = await serverProcesses(host)
    yield* handOver('database:process', [table], { from, readAt })
    for (const { name, asked } of engines)
      yield running.has(name) && !servers.some(({ engine }) => engine === asked) ? unasked(name, asked) : gone(name)
    for (const server of servers) {
      if (signal.aborted) return
      const answer = await host.readDatabase(server, signal)
      if (signal.aborted) return
      const source = `database:${server.name}`
      if ('code' in answer)
        yield { source, state: 'failed', why: `${answer.code}: ${answer.says}`, fix: fixOf(answer.code, server) }
      else {
        const tables = answer.views.map((view) => tableOf(server, view))
        yield* handOver(source, tables, { from, readAt: host.now() })
      }
    }
  },
}

const gone = (engine: string) => ({ source: `database:${engine}-without-account`, state: 'gone' }) as const

/** Its bytes come under `database:process`; that this is all stands beside it. */
function unasked(name: string, asked: DatabaseServer['engine'] | undefined): Standing {
  return {
    source: `database:${name}-without-account`,
    state: 'not-enabled',
    why: `A ${name} server runs here and no account for it is configured: all that can be seen of it is how many bytes its processes read.`,
    fix: asked === undefined ? 'There is no reader of its counters in this version.' : accountSteps[asked],
  }
}

/** Columns that name a row; all others are counters or change with the state. */
const identities = new Set([
  ...['datname', 'schemaname', 'relname', 'usename', 'application_name', 'client_addr', 'rolname'],
  ...['USER', 'DB', 'CLIENT', 'TABLE_SCHEMA', 'TABLE_NAME', 'database_name', 'login_name', 'program_name', 'host_name'],
])

function tableOf({ name, engine }: DatabaseServer, { view, rows, missing }: DatabaseView): Table {
  const table = new Map<string, Row>()
  const add = (identity: string, row: object) => {
    const record = toRecord({ server: name, engine, view, ...row })
    table.set(identity, { record, mark: record.toString('latin1') })
  }
  for (const row of rows) add(JSON.stringify(Object.entries(row).filter(([column]) => identities.has(column))), row)
  if (missing !== undefined) add('', { code: missing.code, why: missing.says })
  // Two servers have views of one name, and what is remembered of them goes by the method.
  return { method: `${view} of ${name}`, rows: table }
}
