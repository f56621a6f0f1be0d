import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { Event } from '../../decode/decoder.ts'
import { embeddedSchema } from '../schema.ts'
import { mostIll, openIllSources } from './ill-sources.ts'
import { openNumbers } from './numbers.ts'

test('a host whose sources are ill without end is kept in bounds, oldest first, and another host loses nothing', () => {
  const { db, says } = openTest()
  says('well', 0, [{ id: 'audit', state: 'not-enabled' }])

  for (let minute = 0; minute < 40; minute++)
    says('hostile', minute, sources(500, minute % 2 === 0 ? 'failed' : 'not-enabled'))

  const rows = db.prepare(
    'select min(from_ms) as first, max(from_ms) as last, count(*) as n from ill join source on source.no = ill.source where host = ?',
  )
  expect(rows.get(1)).toEqual({ first: 0, last: 0, n: 1 })
  expect(rows.get(2)?.n).toBeLessThanOrEqual(2 * mostIll)
  expect(rows.get(2)?.last).toBe(39 * 60_000)
  expect(Number(rows.get(2)?.first)).toBeGreaterThan(0)
})

test('a host that begins again and again ends only what is open of it, and looks at nothing else', () => {
  const { db, says, asked } = openTest()
  for (let n = 0; n < 6; n++) says('hostile', 0, sources(500, 'failed', n))
  says('hostile', 1, [], true)
  says('hostile', 2, [{ id: 'audit', state: 'failed' }])
  const before = asked()

  for (let minute = 3; minute < 1000; minute++) says('hostile', minute, [], true)

  expect(asked() - before).toBe(1)
  expect(db.prepare('select count(*) as n from ill where to_ms is null').get()?.n).toBe(0)
})

test('what a transaction ended that was given up is open still', () => {
  const { db, says, ill } = openTest()
  says('desk', 0, [{ id: 'audit', state: 'failed' }])
  db.exec('begin')
  says('desk', 1, [{ id: 'audit', state: 'ok' }])
  db.exec('rollback')
  ill.forget()

  says('desk', 2, [{ id: 'audit', state: 'ok' }])

  expect(db.prepare('select from_ms, to_ms from ill').all()).toEqual([{ from_ms: 0, to_ms: 120_000 }])
})

test('what was open when the console was closed ends when its host says so to the next one', () => {
  const { db, says } = openTest()
  says('desk', 0, [{ id: 'audit', state: 'failed' }])

  openTest(db).says('desk', 2, [{ id: 'audit', state: 'ok' }])

  expect(db.prepare('select from_ms, to_ms from ill').all()).toEqual([{ from_ms: 0, to_ms: 120_000 }])
})

function openTest(db = new DatabaseSync(':memory:')) {
  db.exec(embeddedSchema.events)
  const numbers = openNumbers(db, 'host')
  let asks = 0
  const counting = { prepare: (sql: string) => counted(db.prepare(sql), () => asks++) } as unknown as DatabaseSync
  const ill = openIllSources(counting, numbers)
  const says = (host: string, minute: number, said: readonly object[], whole = false) => {
    const event: Event = {
      event: { dataset: 'agent', action: 'sources' },
      '@timestamp': new Date(minute * 60_000).toISOString(),
      message: '',
      tidewaiter: { record: 'desk/1/0', agent: { whole, sources: said } },
    }
    ill.add(numbers.host(host), event, { offsetMs: 0, receivedAtMs: Number.POSITIVE_INFINITY })
  }
  return { db, ill, says, asked: () => asks }
}

/** Every time a statement is run. */
function counted(statement: StatementSync, ran: () => void) {
  const run =
    (name: 'run' | 'get' | 'all') =>
    (...parameters: SQLInputValue[]) => {
      ran()
      return statement[name](...parameters)
    }
  return { run: run('run'), get: run('get'), all: run('all') }
}

function sources(count: number, state: string, from = 0) {
  return Array.from({ length: count }, (_, i) => ({ id: `log-file:/${from * count + i}`, state, why: 'No such file.' }))
}
