import { isIP, type Socket } from 'node:net'
import type { DatabaseServer } from '@tidewaiter/protocol'
import { authPlugins, createConnection } from 'mysql2'
import type { DatabaseCode } from '../../host.ts'
import { type Question, Unanswered } from './answer.ts'
import { type Connection, tlsOf, watchWire } from './connection.ts'
import { mostRows } from './limits.ts'

const limit = `LIMIT ${mostRows + 1}`

/** dev.mysql.com/doc/refman/8.4/en/server-status-variables.html, mariadb.com/kb/en/server-status-variables. */
const statuses = [
  ...['Uptime', 'Uptime_since_flush_status', 'Bytes_sent', 'Bytes_received', 'Questions', 'Connections'],
  ...['Threads_connected', 'Com_select', 'Select_scan', 'Select_full_join', 'Rows_sent', 'Rows_read'],
  ...['Handler_read_first', 'Handler_read_key', 'Handler_read_last', 'Handler_read_next', 'Handler_read_prev'],
  ...['Handler_read_rnd', 'Handler_read_rnd_next', 'Innodb_rows_read', 'Innodb_data_read', 'Innodb_data_reads'],
  ...['Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_reads'],
]

export const mysqlQuestions: readonly Question[] = [
  {
    view: '@@version',
    sql: 'SELECT @@version AS version, @@performance_schema AS performance_schema',
    texts: ['version'],
    numbers: ['performance_schema'],
  },
  {
    view: 'SHOW GLOBAL STATUS',
    sql: `SHOW GLOBAL STATUS WHERE Variable_name IN (${statuses.map((name) => `'${name}'`).join()})`,
    texts: [],
    numbers: statuses,
  },
  {
    view: 'processlist',
    sql: `SELECT USER, DB, SUBSTRING_INDEX(HOST, ':', 1) AS CLIENT, count(*) AS SESSIONS, sum(COMMAND <> 'Sleep') AS ACTIVE
      FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() GROUP BY 1, 2, 3 ORDER BY SESSIONS DESC ${limit}`,
    texts: ['USER', 'DB', 'CLIENT'],
    numbers: ['SESSIONS', 'ACTIVE'],
  },
  {
    view: 'user_statistics',
    sql: `SELECT USER, TOTAL_CONNECTIONS, BYTES_SENT, ROWS_READ, ROWS_SENT, SELECT_COMMANDS
      FROM information_schema.USER_STATISTICS ORDER BY ROWS_READ DESC ${limit}`,
    texts: ['USER'],
    numbers: ['TOTAL_CONNECTIONS', 'BYTES_SENT', 'ROWS_READ', 'ROWS_SENT', 'SELECT_COMMANDS'],
  },
  {
    view: 'table_statistics',
    sql: `SELECT TABLE_SCHEMA, TABLE_NAME, ROWS_READ FROM information_schema.TABLE_STATISTICS
      ORDER BY ROWS_READ DESC ${limit}`,
    texts: ['TABLE_SCHEMA', 'TABLE_NAME'],
    numbers: ['ROWS_READ'],
  },
  {
    view: 'events_statements_summary_by_user_by_event_name',
    sql: `SELECT USER, sum(COUNT_STAR) AS COUNT_STAR, sum(SUM_ROWS_SENT) AS SUM_ROWS_SENT,
      sum(SUM_ROWS_EXAMINED) AS SUM_ROWS_EXAMINED
      FROM performance_schema.events_statements_summary_by_user_by_event_name WHERE USER IS NOT NULL
      GROUP BY USER ORDER BY SUM_ROWS_EXAMINED DESC ${limit}`,
    texts: ['USER'],
    numbers: ['COUNT_STAR', 'SUM_ROWS_SENT', 'SUM_ROWS_EXAMINED'],
  },
]

/** Throws what the driver throws. */
export async function openMysql(server: DatabaseServer, password: string | undefined): Promise<Connection> {
  const { socket, host, port, user } = server
  const tls = tlsOf(server)
  // The driver compares names alone: for an address it would take any certificate that says localhost.
  if (tls !== undefined && host !== undefined && isIP(host) !== 0)
    throw new Unanswered('tls-refused', `Over TLS the server must be given by its name: ${host} is an address.`)
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  // Whoever holds the port can send a key of his own for the password to be sealed with.
  const onServerPublicKey = () => {
    const says = 'The server wants the password under a key that nobody certified: give its socket, or a caFile.'
    failed.reject(new Unanswered('login-refused', says))
    throw new Error(says)
  }
  const connection = createConnection({
    ...(socket === undefined ? { ...(host !== undefined && { host }), port: port ?? 3306 } : { socketPath: socket }),
    user,
    password: password ?? '',
    ...(tls !== undefined && { ssl: { ...tls, verifyIdentity: true } }),
    connectTimeout: 4_000,
    // A server may ask a client for any of its files (LOAD DATA LOCAL), and for the password in clear.
    flags: ['-LOCAL_FILES'],
    enableCleartextPlugin: false,
    authPlugins: {
      caching_sha2_password: authPlugins.caching_sha2_password({ onServerPublicKey }),
      sha256_password: authPlugins.sha256_password({ onServerPublicKey }),
    },
    multipleStatements: false,
    // The driver would build code from the names of columns, which the server chooses.
    disableEval: true,
    typeCast: (field) => field.string(),
  })
  // The driver's own connection; its types leave the socket out.
  const { stream } = connection as unknown as { stream: Socket }
  connection.on('error', failed.reject)
  const stop = watchWire(
    () => stream.bytesRead,
    () => failed.reject(new Unanswered('too-large', 'The server sends more than it was asked for.')),
  )
  const query = (sql: string) =>
    new Promise<unknown>((resolve, reject) => {
      connection.query(sql, (cause, rows) => (cause ? reject(cause) : resolve(rows)))
    })
  const connected = new Promise<void>((resolve, reject) => {
    connection.connect((cause) => (cause ? reject(cause) : resolve()))
  })
  await Promise.race([connected, failed.promise])
  return {
    ask: async (sql) => turned(sql, await Promise.race([query(sql), failed.promise])),
    end() {
      stop()
      stream.destroy()
    },
  }
}

/** `SHOW STATUS` gives a row a counter: they are one row. */
function turned(sql: string, rows: unknown): unknown {
  if (!sql.startsWith('SHOW') || !Array.isArray(rows)) return rows
  const pairs = rows.slice(0, 2 * statuses.length).map((row: Record<string, unknown>) => [row.Variable_name, row.Value])
  return [Object.fromEntries(pairs)]
}

/** Of a view; numbers of dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html. */
export function viewCodeOf(cause: unknown): DatabaseCode | undefined {
  const number = numberOf(cause)
  if (number === undefined) return undefined
  if ([1044, 1045, 1142, 1143, 1227].includes(number)) return 'not-permitted'
  return [1109, 1146, 1049, 1054, 1193].includes(number) ? 'not-installed' : undefined
}

export function loginCodeOf(cause: unknown): DatabaseCode | undefined {
  const number = numberOf(cause)
  return number !== undefined && [1044, 1045, 1130, 1251, 1698].includes(number) ? 'login-refused' : undefined
}

function numberOf(cause: unknown): number | undefined {
  return cause instanceof Error && 'errno' in cause && typeof cause.errno === 'number' ? cause.errno : undefined
}
