import { Socket } from 'node:net'
import type { DatabaseServer } from '@tidewaiter/protocol'
import pg from 'pg'
import type { DatabaseCode } from '../../host.ts'
import { type Question, Unanswered } from './answer.ts'
import { type Connection, tlsOf, watchWire } from './connection.ts'
import { mostRows } from './limits.ts'

const limit = `LIMIT ${mostRows + 1}`

/** Views of PostgreSQL 12 to 18 (postgresql.org/docs/current/monitoring-stats.html), and of the extension pg_stat_statements. */
export const postgresqlQuestions: readonly Question[] = [
  {
    view: 'pg_settings',
    sql: `SELECT pg_postmaster_start_time() AS started, current_setting('server_version_num') AS server_version_num,
      current_setting('block_size') AS block_size, current_setting('track_counts') AS track_counts,
      current_database() AS datname`,
    texts: ['started', 'track_counts', 'datname'],
    numbers: ['server_version_num', 'block_size'],
  },
  {
    view: 'pg_stat_database',
    sql: `SELECT d.*, current_setting('block_size') AS block_size FROM pg_stat_database d WHERE datname IS NOT NULL ORDER BY tup_returned DESC ${limit}`,
    texts: ['datname', 'stats_reset'],
    numbers: [
      ...['datid', 'numbackends', 'xact_commit', 'xact_rollback', 'blks_read', 'blks_hit', 'tup_returned'],
      ...[
        'tup_fetched',
        'tup_inserted',
        'tup_updated',
        'tup_deleted',
        'temp_files',
        'temp_bytes',
        'sessions',
        'block_size',
      ],
    ],
  },
  {
    view: 'pg_stat_user_tables',
    sql: `SELECT current_database() AS datname, t.* FROM pg_stat_user_tables t
      ORDER BY coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) DESC ${limit}`,
    texts: ['datname', 'schemaname', 'relname'],
    numbers: ['relid', 'seq_scan', 'seq_tup_read', 'idx_scan', 'idx_tup_fetch', 'n_live_tup'],
  },
  {
    view: 'pg_stat_activity',
    sql: `SELECT datname, usename, application_name, host(client_addr) AS client_addr, count(*) AS sessions,
      count(*) FILTER (WHERE state = 'active') AS active FROM pg_stat_activity
      WHERE usename IS NOT NULL AND pid <> pg_backend_pid() GROUP BY 1, 2, 3, 4 ORDER BY sessions DESC ${limit}`,
    texts: ['datname', 'usename', 'application_name', 'client_addr'],
    numbers: ['sessions', 'active'],
  },
  // Before what it resets: a reader has to know first.
  {
    view: 'pg_stat_statements_info',
    sql: 'SELECT dealloc, stats_reset FROM pg_stat_statements_info',
    texts: ['stats_reset'],
    numbers: ['dealloc'],
  },
  {
    // Without the texts of statements: they hold what people asked for.
    view: 'pg_stat_statements',
    sql: `SELECT r.rolname, d.datname, sum(s.calls) AS calls, sum(s.rows) AS rows, count(*) AS statements,
      sum(s.shared_blks_hit) AS shared_blks_hit, sum(s.shared_blks_read) AS shared_blks_read
      FROM pg_stat_statements(false) s LEFT JOIN pg_roles r ON r.oid = s.userid
      LEFT JOIN pg_database d ON d.oid = s.dbid GROUP BY 1, 2 ORDER BY rows DESC ${limit}`,
    texts: ['rolname', 'datname'],
    numbers: ['calls', 'rows', 'statements', 'shared_blks_hit', 'shared_blks_read'],
  },
]

/** Throws what the driver throws. */
export async function openPostgresql(server: DatabaseServer, password: string | undefined): Promise<Connection> {
  const { socket, host, port, user, database = 'postgres' } = server
  const tls = tlsOf(server)
  const client = new pg.Client({
    host: socket ?? host,
    port: port ?? 5432,
    user,
    database,
    // A function: one that is left out would be looked for in the environment and in ~/.pgpass.
    password: async () => password ?? '',
    ssl: tls ?? false,
    application_name: 'tidewaiter-agent',
    options: '-c TimeZone=UTC -c DateStyle=ISO -c statement_timeout=4000 -c default_transaction_read_only=on',
    types: { getTypeParser: () => (value: unknown) => value },
  })
  const { stream } = client.connection
  // What the driver says of a connection that was ended is not why it was.
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => {})
  const end = (why: Unanswered) => {
    ended.reject(why)
    client.connection.stream.destroy()
  }
  const stop = watchWire(
    () => (stream instanceof Socket ? stream.bytesRead : 0),
    () => end(new Unanswered('too-large', 'The server sends more than it was asked for.')),
  )
  client.on('error', () => {})
  if (tls === undefined)
    client.connection.prependListener('authenticationCleartextPassword', () => {
      end(new Unanswered('login-refused', 'The server asks for the password in clear.'))
    })
  await Promise.race([ended.promise, client.connect()])
  return {
    ask: async (sql) => (await Promise.race([ended.promise, client.query(sql)])).rows,
    end() {
      stop()
      client.connection.stream.destroy()
    },
  }
}

/** Of a view; SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html). */
export function viewCodeOf(cause: unknown): DatabaseCode | undefined {
  const state = stateOf(cause)
  if (state === '42501') return 'not-permitted'
  if (state === '42P01' || state === '42883') return 'not-installed'
  if (state === '55000') return 'not-enabled'
  return state === '57014' ? 'too-slow' : undefined
}

export function loginCodeOf(cause: unknown): DatabaseCode | undefined {
  const state = stateOf(cause)
  return state?.startsWith('28') ? 'login-refused' : undefined
}

function stateOf(cause: unknown): string | undefined {
  return cause instanceof pg.DatabaseError ? cause.code : undefined
}
