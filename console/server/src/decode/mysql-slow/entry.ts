import { readDate, readShortYear } from '../dated.ts'
import { toCount } from '../text.ts'
import type { Written } from '../written.ts'

/** One statement of the log, as its head describes it. Times are seconds. */
export interface Slow {
  raw?: string
  written?: Written
  /** Seconds since 1970 when the statement began, as the server says it behind the head. */
  timestamp?: number
  user?: string
  host?: string
  ip?: string
  connection?: string
  database?: string
  /** Values of `Query_time`, `Rows_examined` and the like, by their names. */
  values: ReadonlyMap<string, string>
  statement: string
}

const userHost =
  /^# User@Host: (?<privilege>[^[\]]{0,128})(?:\[(?<user>.*)\])? @ (?<host>[^\s[\]]{0,255}) ?\[(?<ip>[^\s[\]]{0,64})\](?: +Id: +(?<id>\d{1,20}))?$/
const pair = /([A-Za-z][A-Za-z_@]{1,40}): ?(\S{0,255})/g

/** Undefined for lines without `Query_time`. */
export function readSlow(all: readonly string[]): Slow | undefined {
  // Before 5.1 both stand in one line.
  const lines = all.flatMap((line) => line.split(/ (?=# User@Host: )/))
  const head = lines.findIndex((line) => !line.startsWith('#'))
  const heads = head < 0 ? lines : lines.slice(0, head)
  const slow: Slow = { values: valuesOf(heads), statement: '' }
  if (!slow.values.has('Query_time')) return undefined
  for (const line of heads) addHead(slow, line)
  addStatement(slow, head < 0 ? [] : lines.slice(head))
  return slow
}

function valuesOf(heads: readonly string[]): ReadonlyMap<string, string> {
  const measured = heads.filter((line) => !/^# (?:Time|User@Host|explain): /.test(line))
  return new Map(
    measured.flatMap((line) =>
      [...line.slice(0, 4096).matchAll(pair)].map(([, name = '', value = '']) => [name, value]),
    ),
  )
}

function addHead(slow: Slow, line: string): void {
  if (line.startsWith('# Time: ')) addTime(slow, line.slice(8).trim())
  const said = userHost.exec(line.slice(0, 1024))?.groups
  if (said === undefined) return
  const { privilege, user, host, ip, id } = said
  // In brackets is the name the client gave; before them the account that it was found to be.
  const name = user || privilege
  if (name) slow.user = name
  if (host) slow.host = host
  if (ip) slow.ip = ip
  if (id) slow.connection = id
}

function addTime(slow: Slow, raw: string): void {
  slow.raw = raw
  const reading = readShortYear(`${raw} `) ?? readDate(raw)
  if (reading !== undefined && reading.end >= raw.length) slow.written = reading.written
}

/** `use db;` and `SET timestamp=...;` are the server's own. */
function addStatement(slow: Slow, lines: readonly string[]): void {
  let at = 0
  const database = /^use `?(?<name>[^`;]{1,128})`?;$/.exec(lines[at] ?? '')?.groups?.name
  if (database !== undefined && lines.length > 1) at++
  const timestamp = /^SET timestamp=(\d{1,10})(?:\.\d{1,6})?;$/.exec(lines[at] ?? '')?.[1]
  if (timestamp !== undefined && lines.length > at + 1) at++
  slow.statement = lines.slice(at).join('\n').replace(/;$/, '')
  const seconds = toCount(timestamp ?? '')
  if (seconds !== undefined) slow.timestamp = seconds
  const schema = slow.values.get('Schema') || database
  if (schema !== undefined && !/^[A-Z][A-Za-z_]{1,40}:$/.test(schema)) slow.database = schema
  const thread = slow.values.get('Thread_id')
  if (thread !== undefined) slow.connection ??= thread
}
