import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { ChunkHead } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import type { Event } from '../decoder.ts'
import { recorded, recordedChunks, recordOf } from '../recorded.fixture.ts'
import { databaseCounters } from './index.ts'

interface Told {
  view: string
  table?: string
  account?: string
  server: string
  delta?: Record<string, number>
  total?: Record<string, number>
  interval_ms?: number
  reset?: true
  fallen?: true
  ended?: true
}

const toldOf = (event: Event | undefined) => event?.tidewaiter.database as Told

type Pass = { head: Partial<ChunkHead>; records: readonly string[] }

/** Events chunk by chunk, with the state saved between them as a console does. */
function decode(passes: readonly Pass[], { saved }: { saved?: unknown } = {}) {
  const states = new Map<string | undefined, unknown>(saved === undefined ? [] : [[passes[0]?.head.source, saved]])
  const events = passes.flatMap(({ head, records }) => {
    const decoding = databaseCounters.start(
      { ...(head.readAt !== undefined && { readAt: head.readAt }) },
      states.get(head.source),
    )
    const made = records.flatMap((record) => decoding.push(recordOf(Buffer.from(record), head)))
    const state = decoding.state()
    states.set(head.source, state === undefined ? undefined : JSON.parse(JSON.stringify(state)))
    return made.map((event) => ({ event, told: toldOf(event), pass: head.pass?.number }))
  })
  return { events, states }
}

const one = (
  row: object,
  { number = 1, minute = 0, holds = 'appeared' as 'all' | 'appeared' | 'ended' } = {},
): Pass => ({
  head: {
    source: 'database:broker',
    readAt: new Date(Date.UTC(2026, 10, 27, 9, minute)).toISOString(),
    pass: { number, rows: 1, holds },
  },
  records: [JSON.stringify({ server: 'broker', engine: 'postgresql', ...row })],
})

const rowOf = (row: object, at: { number: number; minute?: number; holds?: 'all' | 'appeared' | 'ended' }) =>
  one({ view: 'pg_stat_statements', datname: 'broker', ...row }, { minute: at.number, ...at })

test('what was recorded tells which account read a whole table between two passes', () => {
  const { events } = decode(recordedChunks('database'))

  for (const { event } of events) expect(event).not.toHaveProperty('error')
  const inSecond = events.filter(({ pass }) => pass === 2).map(({ told }) => told)
  expect(inSecond).toContainEqual(
    expect.objectContaining({
      view: 'pg_stat_user_tables',
      table: 'importer',
      delta: expect.objectContaining({ sequentially_read_rows: 5000 }),
    }),
  )
  expect(inSecond).toContainEqual(
    expect.objectContaining({
      view: 'pg_stat_statements',
      account: 'thief',
      delta: expect.objectContaining({ returned_rows: 5000 }),
    }),
  )
  expect(inSecond).toContainEqual(
    expect.objectContaining({
      view: 'user_statistics',
      account: 'root',
      delta: expect.objectContaining({ sent_rows: 5000 }),
    }),
  )
})

test('what was recorded tells that one server was restarted and the counters of the other were reset', () => {
  const { events } = decode(recordedChunks('database'))

  const reset = events.filter(({ told }) => told.reset).map(({ pass, told }) => `${pass} ${told.view}`)
  expect(reset).toEqual(
    expect.arrayContaining([
      '3 pg_stat_database',
      '3 pg_stat_user_tables',
      '3 SHOW GLOBAL STATUS',
      '3 user_statistics',
    ]),
  )
  expect(reset.every((each) => each.startsWith('3'))).toBe(true)
  for (const { told } of events)
    for (const value of Object.values(told.delta ?? {})) expect(value).toBeGreaterThanOrEqual(0)
})

test('an event names server, database and account in fields of ECS, with the total and the difference', () => {
  const { events } = decode([
    rowOf({ rolname: 'ana', rows: 10, calls: 1 }, { number: 1, holds: 'all' }),
    rowOf({ rolname: 'ana', rows: 50, calls: 2 }, { number: 2 }),
  ])

  expect(events[1]?.event).toMatchObject({
    '@timestamp': '2026-11-27T09:02:00.000Z',
    event: { dataset: 'database', kind: 'metric', category: ['database'], type: ['info'] },
    service: { type: 'postgresql' },
    user: { name: 'ana' },
    message: 'pg_stat_statements ana broker: 40 returned rows more',
    tidewaiter: {
      database: {
        ...{ engine: 'postgresql', server: 'broker', view: 'pg_stat_statements', account: 'ana', name: 'broker' },
        ...{ total: { returned_rows: 50, executed_statements: 2 }, interval_ms: 60_000 },
        delta: { returned_rows: 40, executed_statements: 1 },
      },
    },
  })
})

test('an account that never read before has read all that it counts', () => {
  const { events } = decode([
    rowOf({ rolname: 'ana', rows: 10 }, { number: 1, holds: 'all' }),
    rowOf({ rolname: 'thief', rows: 5000 }, { number: 2 }),
  ])

  expect(events[0]?.told).not.toHaveProperty('delta')
  expect(events[1]?.told.delta).toEqual({ returned_rows: 5000 })
})

test('where rows were left out, one that comes into sight is not taken for new', () => {
  const { events } = decode([
    rowOf({ rolname: 'ana', rows: 10 }, { number: 1, holds: 'all' }),
    rowOf({ code: 'rows-left-out', why: 'Only 64.' }, { number: 1, holds: 'all' }),
    rowOf({ rolname: 'bob', rows: 5000 }, { number: 2 }),
  ])

  expect(events[1]?.event.error).toEqual({ code: 'rows-left-out', message: 'Only 64.' })
  expect(events[2]?.told).not.toHaveProperty('delta')
})

test('each event is told again alone, with what it keeps of the row before it', () => {
  const passes = recordedChunks('database')
  const { events } = decode(passes)
  const records = passes.flatMap(({ head, records }) => records.map((record) => ({ head, record })))

  expect(events.some(({ told }) => told.delta !== undefined)).toBe(true)
  for (const [i, { head, record }] of records.entries()) {
    const header = events[i]?.event.tidewaiter.header
    expect((header ?? '').length).toBeLessThan(800)
    const context = { readAt: head.readAt, ...(header !== undefined && { header }) }
    const [again] = databaseCounters.start(context).push(recordOf(Buffer.from(record), head))
    expect(toldOf(again)).toEqual(events[i]?.told)
  }
})

test('what is kept between batches stays within its bounds, whatever a server calls its tables', () => {
  const passes = Array.from({ length: 400 }, (_, i) =>
    one({
      view: 'pg_stat_user_tables',
      datname: 'é'.repeat(120),
      schemaname: '"'.repeat(120),
      relname: `${i}`,
      seq_scan: 2 ** 52,
      seq_tup_read: '18446744073709551615',
    }),
  )

  const state = decode(passes).states.get('database:broker')

  expect(Buffer.byteLength(JSON.stringify(state))).toBeLessThan(64 * 1024)
  expect(Buffer.byteLength(JSON.stringify(state))).toBeGreaterThan(8 * 1024)
})

test('a state that is none, and rows of other shapes, give events all the same', () => {
  for (const saved of [
    null,
    7,
    [],
    {
      readings: [
        [1, 2],
        ['a', { counts: { x: -1 } }],
      ],
      firsts: 'x',
      sinces: [['a', 1]],
    },
  ])
    expect(decode([rowOf({ rolname: 'ana', rows: 1 }, { number: 1 })], { saved }).events).toHaveLength(1)
  for (const row of [{}, { view: 7 }, { view: 'pg_shadow' }, { view: 'pg_stat_database', engine: null }])
    expect(decode([one(row)]).events[0]?.event.event.kind).toBe('pipeline_error')
  expect(decode([rowOf({ rows: -5, rolname: { a: 1 } }, { number: 1 })]).events[0]?.told).not.toHaveProperty('total')
})

const series = gunzipSync(recorded('database-series.jsonl.gz'))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line): { readAt: string; records: object[] } => JSON.parse(line))
const truth: { at: string; what: string }[] = JSON.parse(
  readFileSync(new URL('../fixtures/database-series.truth.json', import.meta.url), 'utf8'),
)

/** What each account was given, hour by hour: the hour of a reading is the one before it. */
function hourly(view: string, counter: string) {
  const passes = series.map(
    ({ readAt, records }, i): Pass => ({
      head: { source: 'database:broker', readAt, pass: { number: i + 1, rows: records.length, holds: 'all' } },
      records: records.map((record) => JSON.stringify(record)),
    }),
  )
  return decode(passes)
    .events.filter(({ told }) => told.view === view)
    .map(({ event, told }) => ({
      at: new Date(Date.parse(event['@timestamp'] ?? '') - 3_600_000).toISOString(),
      account: told.account,
      table: told.table,
      count: told.delta?.[counter] ?? 0,
      reset: told.reset === true,
    }))
}

test('four weeks of hours have a reading each, and the truth of what happened in them', () => {
  expect(series).toHaveLength(28 * 24 + 1)
  expect(truth.filter(({ what }) => what === 'backup')).toHaveLength(28)
  expect(truth.filter(({ what }) => what === 'theft')).toHaveLength(14)
})

test('what was stolen in one go stands in the counters of its hour, beside the account that took it', () => {
  const rows = hourly('pg_stat_statements', 'returned_rows')

  for (const at of ['2026-10-21T03:00:00.000Z', '2026-10-30T14:00:00.000Z'])
    expect(rows.find((row) => row.at === at && row.account === 'abiapp')?.count).toBeGreaterThanOrEqual(40_000)
  for (const { at } of truth.filter(({ what }) => what === 'backup'))
    expect(rows.find((row) => row.at === at && row.account === 'backup')?.count).toBeGreaterThan(100_000)
})

test('a reset and a crash are told in their hour and nowhere else, a restart in order is none', () => {
  const reset = hourly('pg_stat_database', 'returned_rows').filter((row) => row.reset)

  expect(reset.map(({ at }) => at)).toEqual(
    truth.filter(({ what }) => what === 'counters-reset' || what === 'crash').map(({ at }) => at),
  )
})
