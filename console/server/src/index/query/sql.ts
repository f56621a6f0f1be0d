import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  type SqlBool,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { Condition, Need } from './condition.ts'
import { type Dialect, postgres, sqlite } from './dialect.ts'

/** Texts of statements only: they are run elsewhere. */
const compilers = {
  sqlite: new Kysely<never>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  postgres: new Kysely<never>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
}
const dialects = { sqlite, postgres } as const
export type DialectName = keyof typeof dialects

/** Which events are asked for. */
export interface Question {
  condition: Condition
  /** What every answer meets in words, where that is the better way in. */
  need?: Need
  /** Phrases that many events have are looked at event by event. */
  isRare(need: Need): boolean
  /** Ids of events below this are complete. */
  before: number
  host?: readonly number[]
  fromMs?: number
  /** Not in the span. */
  toMs?: number
}

/** Where a page goes on: behind this event in its order. */
export interface After {
  at: number
  id: number
}

/** What is asked of a row to show its event. */
export const rowColumns = [
  'id',
  'at',
  'host_at',
  'read_at',
  'received_at',
  'position',
  'record',
  'host',
  'source',
  'dataset',
  'context',
]

export interface PageOptions {
  order: 'newest' | 'oldest'
  after?: After
  limit: number
}

/** Statement for one page of rows, in the order of their time and id. */
export function pageSql(name: DialectName, question: Question, { order, after, limit }: PageOptions): CompiledQuery {
  const isNewest = order === 'newest'
  const [beyond, direction] = isNewest ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`]
  const behind =
    after === undefined
      ? []
      : [sql<SqlBool>`at ${beyond}= ${after.at} and (at ${beyond} ${after.at} or id ${beyond} ${after.id})`]
  const list = sql.join(rowColumns.map((column) => sql.ref(column)))
  return compile(
    name,
    sql`select ${list} from event where ${whole(name, question, behind)} order by at ${direction}, id ${direction} limit ${limit}`,
  )
}

/** Statement that counts up to `most`, as `count`. */
export function countSql(name: DialectName, question: Question, most: number): CompiledQuery {
  return compile(
    name,
    sql`select count(*) as count from (select 1 from event where ${whole(name, question)} limit ${most}) as found`,
  )
}

/** Statement for the number of events in each bucket, as `bucket` (its beginning, milliseconds UTC) and `count`. */
export function histogramSql(name: DialectName, question: Question, bucketMs: number): CompiledQuery {
  // The remainder of a time before 1970 is below zero.
  const bucket = sql`at - ((at % ${bucketMs}) + ${bucketMs}) % ${bucketMs}`
  return compile(
    name,
    sql`select ${bucket} as bucket, count(*) as count from event where ${whole(name, question)} group by 1`,
  )
}

function compile(name: DialectName, statement: RawBuilder<unknown>): CompiledQuery {
  return statement.compile(compilers[name])
}

function whole(name: DialectName, question: Question, more: readonly RawBuilder<SqlBool>[] = []): RawBuilder<SqlBool> {
  const dialect = dialects[name]
  const { condition, need, before, host, fromMs, toMs, isRare } = question
  const parts = [...more, sql<SqlBool>`${dialect.aside(sql.ref('id'))} < ${before}`]
  if (fromMs !== undefined) parts.push(sql`at >= ${fromMs}`)
  if (toMs !== undefined) parts.push(sql`at < ${toMs}`)
  if (host !== undefined) parts.push(numbered(dialect, 'host', host))
  if (need !== undefined) parts.push(dialect.words(need, true))
  parts.push(toSql(condition, { dialect, isRare }))
  return sql.join(parts, sql` and `)
}

interface Writing {
  dialect: Dialect
  isRare(need: Need): boolean
}

const writers: {
  [Kind in Condition['kind']]: (condition: Extract<Condition, { kind: Kind }>, writing: Writing) => RawBuilder<SqlBool>
} = {
  and: ({ of }, writing) => joined(of, writing, { between: sql` and `, empty: sql`1 = 1` }),
  or: ({ of }, writing) => joined(of, writing, { between: sql` or `, empty: sql`1 = 0` }),
  not: ({ of }, writing) => sql`not ${toSql(of, writing)}`,
  equals: ({ column, value, isExact }) => {
    const ref = sql.ref(column)
    return isExact ? met(column, sql`${ref} = ${value}`) : met(column, sql`lower(${ref}) = lower(${value})`)
  },
  like: ({ column, pieces, isExact }, { dialect }) => met(column, dialect.like(sql.ref(column), pieces, isExact)),
  present: ({ column }) => sql`${sql.ref(column)} is not null`,
  number: ({ column, op, value }) => met(column, sql`${sql.ref(column)} ${sql.raw(op)} ${value}`),
  keys: ({ column, from, to }) =>
    met(column, from === to ? sql`${sql.ref(column)} = ${from}` : sql`${sql.ref(column)} between ${from} and ${to}`),
  numbered: ({ column, numbers }, { dialect }) => numbered(dialect, column, numbers),
  phrase: (need, { dialect, isRare }) => dialect.words(need, isRare(need)),
}

function toSql(condition: Condition, writing: Writing): RawBuilder<SqlBool> {
  // The kind chooses the function for exactly this condition.
  return (writers[condition.kind] as (condition: Condition, writing: Writing) => RawBuilder<SqlBool>)(
    condition,
    writing,
  )
}

function joined(
  of: readonly Condition[],
  writing: Writing,
  { between, empty }: { between: RawBuilder<unknown>; empty: RawBuilder<SqlBool> },
): RawBuilder<SqlBool> {
  if (of.length === 0) return empty
  return sql`(${sql.join(
    of.map((inner) => toSql(inner, writing)),
    between,
  )})`
}

/** Without a value nothing is met, and `not` of it is: NULL would be neither. */
function met(column: string, comparison: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql`(${sql.ref(column)} is not null and ${comparison})`
}

/** One number is looked up; several are a filter, so that the order of time stays the way in. */
function numbered(dialect: Dialect, column: string, numbers: readonly number[]): RawBuilder<SqlBool> {
  const [first] = numbers
  if (first === undefined) return sql`1 = 0`
  const ref = sql.ref(column)
  return numbers.length === 1 ? sql`${ref} = ${first}` : sql`${dialect.aside(ref)} in (${sql.join(numbers)})`
}
