import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, test } from 'vitest'
import { embeddedSchema, eventColumns, postgresSchema, wordColumns } from '../schema.ts'
import { fold, markOf, wordsOf } from '../words.ts'
import { always, needOf } from './condition.ts'
import { parseQuery } from './grammar.ts'
import { meaningOf } from './meaning.ts'
import { isPostgresMissing, startPostgres } from './postgres.fixture.ts'
import { countSql, type DialectName, histogramSql, pageSql, type Question } from './sql.ts'

const queries = [
  '',
  'user.name:ROOT',
  'user.name:r*t',
  'not user.name:root',
  'user.name:*',
  'file.path:/etc/passwd',
  'file.path:/ETC/*',
  'file.path:/etc/*',
  'process.name:100%_*',
  'source.port>=22 and source.port<1000',
  'source.ip:203.0.113.0/29',
  'event.category:authentication',
  'event.category:auth*',
  'event.dataset:sshd or event.outcome:failure',
  'failed password',
  '"failed password"',
  '"password failed"',
  'pass*',
  'failed and not user.name:root',
  "it's",
  'host:desk and failed',
  'process.command_line:mimikatz',
  '(failed or mimikatz) not (user.name:(root or guest) source.port:22)',
  'user.name:root and user.name:guest',
]

describe('a search gives the same on both databases:', () => {
  let answers: Record<DialectName, (query: string) => Promise<unknown>>

  beforeAll(async () => {
    const sqlite = openEmbedded()
    answers = { sqlite: async (query) => sqlite(query), postgres: async () => undefined }
    if (isPostgresMissing()) return
    const { client, stop } = await startPostgres()
    await fillPostgres((sql) => client.query(sql))
    answers.postgres = async (query) =>
      answersTo('postgres', query, async ({ sql, parameters }) => (await client.query(sql, [...parameters])).rows)
    return stop
  }, 60_000)

  test.skipIf(isPostgresMissing()).each(queries)('%s', async (query) => {
    expect(await answers.postgres(query)).toEqual(await answers.sqlite(query))
  })

  test('and the embedded one finds what it should', async () => {
    expect(await answers.sqlite('failed and not user.name:root')).toMatchObject({ ids: ['2', '1'], count: 2 })
    expect(await answers.sqlite('file.path:/ETC/*')).toMatchObject({ ids: ['4'] })
    expect(await answers.sqlite('process.name:100%_*')).toMatchObject({ ids: ['4'] })
  })
})

test('statements carry every value as a parameter', () => {
  const evil = `"'; drop table event; --"`
  for (const name of ['sqlite', 'postgres'] as const) {
    const { sql, parameters } = pageSql(name, questionOf(`user.name:${evil} or process.name:${evil} or ${evil}`), {
      order: 'newest',
      limit: 5,
    })
    expect(sql).not.toContain('drop')
    expect(JSON.stringify(parameters)).toContain('drop')
  }
})

interface Row {
  id: number
  columns: Record<string, string | number>
  text: string
  command?: string
}

const hour = 3_600_000
const rows: Row[] = [
  {
    id: 1,
    columns: {
      user: 'Guest',
      source_port: 22,
      source_key: '4cb007101',
      category: ' authentication ',
      outcome: 'failure',
      dataset: 'sshd',
    },
    text: 'Failed password for guest',
  },
  {
    id: 2,
    columns: { source_port: 1022, source_key: '4cb007109', category: ' authentication session ', dataset: 'sshd' },
    text: 'failed PASSWORD: again',
  },
  {
    id: 3,
    columns: { user: 'root', file: '/etc/passwd', outcome: 'success', dataset: 'auditd', host: 2 },
    text: "root's password failed, it's so",
  },
  {
    id: 4,
    columns: { process: '100%_sure', file: '/ETC/x', source_port: 80, dataset: 'process' },
    text: 'start',
    command: 'C:\\x\\mimikatz.exe -enc',
  },
]

function valuesOf({ columns, id }: Row): (string | number | null)[] {
  const given: Record<string, string | number> = {
    at: (id % 3) * hour,
    host: 1,
    position: id,
    record: 0,
    received_at: 0,
    ...columns,
  }
  return eventColumns.map((name) => given[name] ?? null)
}

function textsOf({ columns, text, command = '' }: Row): string[] {
  const texts: Record<string, string> = {
    text: fold(text),
    // As `write/event-words.ts` adds them.
    marks: `${markOf('event.dataset', String(columns.dataset))} ${columns.source_key ?? ''}`,
    command: fold(command),
  }
  for (const column of ['user', 'process', 'file'])
    if (columns[column] !== undefined) texts.text += `\n${fold(String(columns[column]))}`
  return wordColumns.map((column) => texts[column] ?? '')
}

function openEmbedded(): (query: string) => Promise<unknown> {
  const db = new DatabaseSync(':memory:')
  db.exec(embeddedSchema.eventsDay + embeddedSchema.textDay)
  for (const row of rows) {
    const values = [row.id, ...valuesOf(row)]
    db.prepare(`insert into event values (${values.map(() => '?').join(', ')})`).run(...values)
    const texts = textsOf(row)
    db.prepare(
      `insert into words (rowid, ${wordColumns.join(', ')}) values (?, ${texts.map(() => '?').join(', ')})`,
    ).run(row.id, ...texts)
  }
  // Only texts and numbers are put into statements.
  return (query) =>
    answersTo('sqlite', query, async ({ sql, parameters }) => db.prepare(sql).all(...(parameters as string[])))
}

async function fillPostgres(run: (sql: string) => Promise<unknown>): Promise<void> {
  await run(Object.values(postgresSchema).join('\n'))
  await run('create table event_all partition of event default')
  const literal = (value: string | number | null) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
  for (const row of rows) {
    await run(`insert into event values (${[row.id, ...valuesOf(row)].map(literal).join(', ')})`)
    const vectors = textsOf(row).map((text) =>
      literal(
        wordsOf(text)
          .map((word, i) => `'${word}':${i + 1}`)
          .join(' '),
      ),
    )
    await run(`insert into words values (${[row.id, ...vectors].join(', ')})`)
  }
}

function questionOf(query: string): Question {
  const known = { spellings: (text: string) => [text], hosts: () => [2, 3], sources: () => [], nowMs: 0 }
  const condition = meaningOf(parseQuery(query), known)
  return { condition, isRare: () => query.includes('not'), before: 1000 }
}

type Run = (statement: { sql: string; parameters: readonly unknown[] }) => Promise<Record<string, unknown>[]>

/** Ids in order, their number, and their hours; also with the words as the way in. */
async function answersTo(name: DialectName, query: string, run: Run) {
  const question = questionOf(query)
  const idsOf = async (asked: Question) =>
    (await run(pageSql(name, asked, { order: 'newest', limit: 10 }))).map(({ id }) => String(id))
  const need = needOf(question.condition)
  const ids = await idsOf(question)
  if (need !== undefined) expect(await idsOf({ ...question, need })).toEqual(ids)
  const [first] = await run(countSql(name, question, 10))
  const buckets = await run(histogramSql(name, question, hour))
  return {
    ids,
    count: Number(first?.count),
    buckets: buckets.map(({ bucket, count }) => [Number(bucket), Number(count)]).sort(([a = 0], [b = 0]) => a - b),
    all: await idsOf({ ...question, condition: always }),
  }
}
