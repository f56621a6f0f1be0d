import { readIso, type Written } from '../written.ts'

/** One line of an audit log, whatever form it has. */
export interface Audited {
  raw?: string
  written?: Written
  serverHost?: string
  user?: string
  /** Address or name, where a port may stand behind it. */
  host?: string
  connection?: string
  /** As MariaDB names it: `CONNECT`, `FAILED_CONNECT`, `QUERY`, `READ` ... */
  operation: string
  database?: string
  /** A table, or a program's own word. */
  object?: string
  statement?: string
  /** Number of the error; 0 where there is none. */
  code?: number
  isDoubtful?: boolean
}

const operations =
  'CONNECT|DISCONNECT|FAILED_CONNECT|CHANGEUSER|QUERY_DDL|QUERY_DML_NO_SELECT|QUERY_DML|QUERY_DCL|QUERY|PROXY_CONNECT|READ|WRITE|CREATE|ALTER|RENAME|DROP|TABLE'

const ids = `,\\d{1,20},\\d{1,20},(?:${operations}),`
/** Who stands before the numbers of connection and query, what behind them (mariadb.com/kb, "Audit Plugin - Log Format"). */
const line = new RegExp(
  `^(?<server>[^,]{0,255}),(?<user>.*?),(?<host>[^,]{0,255}),(?<connection>\\d{1,20}),\\d{1,20},(?<operation>${operations}),(?<rest>.*)$`,
  's',
)

/** `20261127 01:27:39,db1,ana,localhost,4,7,QUERY,broker,'select 1',0`; undefined for any other line. */
export function readCsvLine(text: string): Audited | undefined {
  const said = /^(\d{4})(\d{2})(\d{2}) (\d{1,2}:\d{2}:\d{2}),/.exec(text.slice(0, 20))
  if (said === null) return undefined
  const [all, year, month, day, clock = ''] = said
  const iso = `${year}-${month}-${day}T${clock.padStart(8, '0')}`
  const reading = readIso(iso, 0)
  const audited = reading?.end === iso.length ? readAfterTime(text.slice(all.length)) : undefined
  if (reading === undefined || audited === undefined) return undefined
  return { ...audited, raw: all.slice(0, -1), written: reading.written }
}

/** What goes to syslog names a label (`server_audit_syslog_info`) where the file has the time. */
export function readSyslogLine(text: string): Audited | undefined {
  const label = /^[^,]{0,128} (?=[^,\s]{1,255},)/.exec(text.slice(0, 512))?.[0] ?? ''
  return readAfterTime(text.slice(label.length).trimStart())
}

function readAfterTime(text: string): Audited | undefined {
  if (text.length > 65_536) return undefined
  const said = line.exec(text)?.groups
  if (said === undefined) return undefined
  const { server, user, host, connection, operation = '', rest = '' } = said
  const end = operation.startsWith('QUERY') ? readStatement(rest) : readObject(rest)
  if (end === undefined) return undefined
  const audited: Audited = { operation, ...end }
  if (server) audited.serverHost = server
  if (user) audited.user = user
  if (host) audited.host = host
  if (connection) audited.connection = connection
  // A name is not escaped: with commas and numbers in it, it could end at more than one place.
  const places = text.matchAll(new RegExp(ids, 'g'))
  const isOnce = places.next().done !== true && places.next().done === true
  const isUserPlain = !(user ?? '').includes(',')
  if (!isUserPlain || (!operation.startsWith('QUERY') && !isOnce)) audited.isDoubtful = true
  return audited
}

type End = Pick<Audited, 'database' | 'object' | 'statement' | 'code'>

function readStatement(rest: string): End | undefined {
  const said = /^(?<database>[^,']{0,255}),'(?<statement>.*)',(?<code>\d{1,6})(?:,[\w.]{0,20})?$/s.exec(rest)?.groups
  if (said === undefined) return undefined
  const { database, statement = '', code } = said
  return { ...(database && { database }), statement: unescaped(statement), code: Number(code) }
}

function readObject(rest: string): End | undefined {
  const said = /^(?<database>.{0,255}?),(?<object>[^,]{0,512}),(?<code>\d{0,6})(?:,[\w.]{0,20})?$/s.exec(rest)?.groups
  if (said === undefined) return undefined
  const { database, object, code } = said
  return { ...(database && { database }), ...(object && { object }), ...(code && { code: Number(code) }) }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', '0': '\0' }

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter)
}
