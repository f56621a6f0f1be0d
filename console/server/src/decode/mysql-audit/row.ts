import { readDate } from '../dated.ts'
import { countIn, isRow, parseRow, type Row, textIn } from '../row.ts'
import { toCount } from '../text.ts'
import type { Audited } from './said.ts'

/**
 * A row of JSON: of MySQL Enterprise Audit and Percona's `audit_log_filter` (dev.mysql.com/doc/refman/8.0, "JSON Audit
 * Log File Format"), of a list whose rows stand in a line each, or of Percona's `audit_log` (docs.percona.com, "Audit
 * log plugin").
 */
export function readRow(line: string): Audited | undefined {
  const text = line.replace(/^[[,\s]+/, '').replace(/[,\]\s]+$/, '')
  const row = parseRow(text)
  if (row === undefined) return undefined
  return isRow(row.audit_record) ? readRecord(row.audit_record) : readEvent(row)
}

/** Both write UTC. */
function timeOf(raw: string | undefined): Pick<Audited, 'raw' | 'written'> {
  const reading = raw === undefined ? undefined : readDate(raw)
  if (raw === undefined || reading === undefined || reading.end < raw.length) return {}
  return { raw, written: { ...reading.written, offset: reading.written.offset ?? 0 } }
}

const plain = { connect: 'CONNECT', disconnect: 'DISCONNECT', change_user: 'CHANGEUSER' } as const

function readEvent(row: Row): Audited | undefined {
  const [type, event] = [textIn(row, 'class'), textIn(row, 'event')]
  if (type === undefined || event === undefined) return undefined
  const part = (name: string): Row => (isRow(row[name]) ? row[name] : {})
  const [account, login, data] = [part('account'), part('login'), part(`${type}_data`)]
  const code = countIn(data, 'status') ?? countIn(part('connection_data'), 'status')
  const operation = Object.hasOwn(plain, event) ? plain[event as keyof typeof plain] : operationOf(type, event)
  return {
    ...timeOf(textIn(row, 'timestamp')),
    ...given({
      user: textIn(login, 'user') ?? textIn(account, 'user'),
      host: textIn(login, 'ip') ?? textIn(account, 'host'),
      connection: countIn(row, 'connection_id')?.toString(),
      database: textIn(data, 'db') ?? textIn(part('connection_data'), 'db'),
      object: textIn(data, 'table'),
      statement: textIn(data, 'query'),
      code,
    }),
    operation: operation === 'CONNECT' && code !== undefined && code !== 0 ? 'FAILED_CONNECT' : operation,
  }
}

function operationOf(type: string, event: string): string {
  if (type === 'table_access') return event === 'read' ? 'READ' : 'WRITE'
  return type === 'general' || type === 'query' ? 'QUERY' : `${type} ${event}`
}

const named: Readonly<Record<string, string>> = { Connect: 'CONNECT', Quit: 'DISCONNECT', 'Change user': 'CHANGEUSER' }

/** A record as Percona's `audit_log` and the XML of both name its parts. */
export function readRecord(row: Row): Audited | undefined {
  const name = textIn(row, 'name')
  if (name === undefined) return undefined
  const status = typeof row.status === 'string' ? toCount(row.status) : countIn(row, 'status')
  const operation = named[name] ?? (textIn(row, 'sqltext') === undefined ? name : 'QUERY')
  return {
    ...timeOf(textIn(row, 'timestamp')?.replace(/ UTC$/, 'Z')),
    ...given({
      user: userOf(textIn(row, 'user')),
      host: textIn(row, 'ip') ?? textIn(row, 'host'),
      connection: textIn(row, 'connection_id'),
      database: textIn(row, 'db'),
      statement: textIn(row, 'sqltext'),
      code: status,
    }),
    operation: operation === 'CONNECT' && status !== undefined && status !== 0 ? 'FAILED_CONNECT' : operation,
  }
}

/** Of a query the account stands there in full: `root[root] @ localhost []`. */
function userOf(user: string | undefined): string | undefined {
  return user === undefined ? undefined : (/^[^[\]]*\[([^[\]]*)\] @ /.exec(user)?.[1] ?? user)
}

function given(fields: { [Name in keyof Audited]?: Audited[Name] | undefined }): Partial<Audited> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
