import { expect, test } from 'vitest'
import { decoderByContent } from '../index.ts'
import { decodeAll, numbered, pack, piecesOf, readAgain } from '../packing.fixture.ts'
import { eventsOf, recorded } from '../recorded.fixture.ts'
import { mysqlGeneral } from './index.ts'

// Recorded from MariaDB 10.11.19 of Debian 12 (`fixtures/record-mariadb.sh`), in the zone of New York.
const lines = recorded('mariadb-general.log').toString().split('\n').slice(0, -1)
const context = { zone: { name: 'America/New_York', basis: 'given by hand' } }
const events = eventsOf(mysqlGeneral, lines, { context })
const of = (message: string) => events.find((event) => event.message === message) ?? expect.fail(message)

test('a statement has the account and the address of the connection that it came over', () => {
  const insert = of("Query insert into entries values (1,'it''s\ntwo lines, and a tab\t')")

  expect(insert).toMatchObject({
    '@timestamp': '2026-11-27T06:27:39Z',
    event: { dataset: 'mysql-general', category: ['database'], type: ['change'] },
    user: { name: 'ana' },
    source: { address: 'localhost' },
    tidewaiter: { connection: '4', header: '261127  1:27:39' },
  })
  expect(insert.tidewaiter.records).toHaveLength(3)
  expect(of('Query select * from mysql.user').user).toEqual({ name: 'ana' })
})

test('a sign-in is undecided until the server refuses it', () => {
  const signIns = events.filter(({ event }) => event.action === 'sign-in')
  const failed = signIns.filter(({ event }) => event.outcome === 'failure')

  expect(failed.map(({ user }) => user)).toEqual([{ name: 'ana' }, { name: 'nobody1' }])
  expect(signIns.filter(({ event }) => event.outcome === 'success')).toEqual([])
  expect(events.filter(({ event }) => event.action === 'user-not-allowed')).toHaveLength(2)
})

test('wherever batches are cut, and where an event is read alone, it is the same', () => {
  const pieces = piecesOf(lines.map((line) => ({ bytes: Buffer.from(line), parts: 1 })))
  const whole = pack(pieces, () => 'none')
  const name = 'log-file:/var/log/mysql/mysql.log'
  const named = (batches: ReturnType<typeof pack>) => {
    for (const { chunks } of batches) for (const { head } of chunks) Object.assign(head, { source: name })
    return batches
  }
  const once = decodeAll(named(whole))
  const cut = named(pack(pieces, (i) => (i % 3 === 0 ? 'batch' : 'none')))
  const all = decodeAll(cut)

  expect(numbered(cut, all)).toEqual(numbered(whole, once))
  for (const made of all) expect(readAgain(cut, made)).toContainEqual(made.event)
})

test('MySQL writes its times in UTC, and long commands like short ones', () => {
  expect(
    eventsOf(mysqlGeneral, [
      '2026-11-26T13:34:21.634875Z\t   12 Connect\tana@192.0.2.7 on broker using SSL/TLS',
      '2026-11-26T13:34:22.000001Z\t   12 Execute\tselect * from entries',
    ])[1],
  ).toMatchObject({
    '@timestamp': '2026-11-26T13:34:22.000001Z',
    user: { name: 'ana' },
    source: { ip: '192.0.2.7' },
    event: { type: ['access'] },
  })
})

test('a log is known by what it holds', () => {
  expect(decoderByContent(recorded('mariadb-general.log')).id).toBe('mysql-general')
})

test('a password that a statement holds stands in its record only', () => {
  for (const { event: _, ...rest } of events) expect(JSON.stringify(rest)).not.toMatch(/secret-(?:one|two)/)
})
