import { toEnd } from '../address.ts'
import { csvFields } from '../csv.ts'
import { readDate } from '../dated.ts'
import { countIn, parseRow, textIn } from '../row.ts'
import { toEndpoint } from '../sentence.ts'
import { toCount } from '../text.ts'
import type { Said, SaidTime } from './said.ts'

/** A time as `csvlog` and `jsonlog` write it: `2026-11-27 01:14:52.183 EST`. */
const time = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} (?<zone>[A-Z]{1,5}|[+-]\d{2}(?::?\d{2})?)$/

function readTime(raw: string): SaidTime | undefined {
  const zone = time.exec(raw.slice(0, 64))?.groups?.zone
  const reading = zone === undefined ? undefined : readDate(raw)
  return reading === undefined || zone === undefined ? undefined : { raw, written: reading.written, zone }
}

/** The columns that are read, by their place (postgresql.org/docs/15/runtime-config-logging.html, 20.8.4). */
const columns = [
  'log_time',
  'user',
  'database',
  'pid',
  'client',
  'session',
  'session_line',
  'command',
  'session_start',
  'virtual_transaction',
  'transaction',
  'severity',
  'code',
  'message',
  'detail',
  'hint',
  'internal_query',
  'internal_position',
  'context',
  'statement',
  'position',
  'location',
  'application',
  'backend',
] as const

/** True for the first line of a record of `csvlog`. */
export function beginsCsv(line: string): boolean {
  return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3} [A-Z0-9:+-]{1,6},(?:"|,)/.test(line.slice(0, 40))
}

/** Undefined for what is no record of `csvlog`: before release 13 it has 23 columns, since then 24 and 26. */
export function readCsv(text: string): Said | undefined {
  const fields = csvFields(text, 40)
  if (fields === undefined || fields.length < 23) return undefined
  const of = (name: (typeof columns)[number]) => fields[columns.indexOf(name)] || undefined
  const [at, severity, client] = [readTime(of('log_time') ?? ''), of('severity'), of('client')]
  if (at === undefined || severity === undefined) return undefined
  return {
    severity,
    message: of('message') ?? '',
    detail: of('detail'),
    hint: of('hint'),
    context: of('context'),
    statement: of('statement'),
    code: of('code'),
    user: of('user'),
    database: of('database'),
    application: of('application'),
    client: client === undefined || client.startsWith('[local]') ? undefined : toEndpoint(client),
    pid: toCount(of('pid') ?? ''),
    session: of('session'),
    command: of('command'),
    backend: of('backend'),
    time: at,
  }
}

/** Undefined for what is no line of `jsonlog` (since release 15). */
export function readJson(text: string): Said | undefined {
  const row = text.startsWith('{"timestamp":"') ? parseRow(text) : undefined
  const severity = row && textIn(row, 'error_severity')
  const at = row && readTime(textIn(row, 'timestamp') ?? '')
  if (row === undefined || severity === undefined || at === undefined) return undefined
  const host = textIn(row, 'remote_host')
  return {
    severity,
    message: textIn(row, 'message') ?? '',
    detail: textIn(row, 'detail'),
    hint: textIn(row, 'hint'),
    context: textIn(row, 'context'),
    statement: textIn(row, 'statement'),
    code: textIn(row, 'state_code'),
    user: textIn(row, 'user'),
    database: textIn(row, 'dbname'),
    application: textIn(row, 'application_name'),
    client: host === undefined || host === '[local]' ? undefined : toEnd(host, countIn(row, 'remote_port')),
    pid: countIn(row, 'pid'),
    session: textIn(row, 'session_id'),
    command: textIn(row, 'ps'),
    backend: textIn(row, 'backend_type'),
    time: at,
  }
}
