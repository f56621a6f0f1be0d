import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { Event } from '../decode/decoder.ts'
import { columns } from '../index/columns.ts'

/** Where an event goes in the table. */
export interface Place {
  /** Events of one host are judged together. */
  host: number
  /** Milliseconds UTC, or of an axis of its own; then `raw` is the time as it is written. */
  at: number
  raw?: string
  position: number
  record: number
}

/** Events of the columns that detectors measure, without a console. */
export interface EventTable {
  add(event: Event, place: Place): void
  /** Windows of a host in which there are events, oldest first. */
  windowsOf(host: number, windowMs: number): number[]
  /** Runs a detector's `measure`: its view `event` holds the events of that host from `fromMs` up to `toMs`. */
  measure(sql: string, span: { host: number; fromMs: number; toMs: number }): Record<string, unknown>[]
  /** How the time of an event was written. */
  rawOf(host: number, at: number): string | undefined
  close(): void
}

/** Column and the field it is read from, as far as it is read from one. */
const fields = Object.entries(columns).map(([name, column]) => ({
  name,
  type: column.type,
  path: 'path' in column ? column.path.split('.') : undefined,
}))
type Field = (typeof fields)[number]
const rowsAtOnce = 10_000

/** Lies in a temporary file that goes away with it, so that memory stays bounded whatever comes in. */
export function openEventTable(): EventTable {
  const database = new DatabaseSync('')
  database.exec(`
    pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536; pragma temp_store = file;
    create table held (${fields.map(({ name, type }) => `"${name}" ${type}`).join(', ')});
    create table span (host integer, from_at integer, to_at integer);
    insert into span values (0, 0, 0);
    create temp view event as select held.* from span join held
      on held.host = span.host and held.at >= span.from_at and held.at < span.to_at;
    begin`)
  const insert = database.prepare(`insert into held values (${fields.map(() => '?').join(', ')})`)
  const aim = database.prepare('update span set host = ?, from_at = ?, to_at = ?')
  const statements = new Map<string, ReturnType<typeof database.prepare>>()
  const prepared = (sql: string) => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  let added = 0
  let isIndexed = false
  const commit = () => database.exec('commit; begin')
  return {
    add(event, { host, at, raw, position, record }) {
      // Nothing reads the context here, so it holds the written time.
      const known: Partial<Record<string, SQLInputValue>> = { host, at, position, record, context: raw ?? null }
      insert.run(
        ...fields.map((field) => (field.path === undefined ? (known[field.name] ?? null) : valueAt(event, field))),
      )
      added += 1
      if (added % rowsAtOnce === 0) commit()
    },
    windowsOf(host, windowMs) {
      if (!isIndexed) database.exec('commit; create index held_at on held (host, at); analyze; begin')
      isIndexed = true
      return prepared('select distinct at / cast(? as integer) as number from held where host = ? order by number')
        .all(windowMs, host)
        .map(({ number }) => Number(number) * windowMs)
    },
    measure(sql, { host, fromMs, toMs }) {
      aim.run(host, fromMs, toMs)
      return prepared(sql).all()
    },
    rawOf(host, at) {
      const row = prepared('select context from held where host = ? and at = ? limit 1').get(host, at)
      return typeof row?.context === 'string' ? row.context : undefined
    },
    close: () => database.close(),
  }
}

/** Several values stand side by side with a blank at both ends: ` authentication session `. */
function valueAt(event: Event, { path = [], type }: Field): SQLInputValue {
  let value: unknown = event
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return null
    // A document is plain data: what it does not have is undefined.
    value = (value as Record<string, unknown>)[key]
  }
  if (typeof value === 'string') return type === 'text' ? value : null
  if (Array.isArray(value)) return ` ${value.join(' ')} `
  return type === 'integer' && Number.isSafeInteger(value) ? Number(value) : null
}
