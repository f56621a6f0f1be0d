import { describe, expect, test } from 'vitest'
import { labelAccuracy } from '../crowdsec.fixture.ts'
import type { Event } from '../decoder.ts'
import { decodeFile } from '../files.ts'
import { decoderByContent, decoderById } from '../index.ts'
import { eventsOf, recorded, recordOf } from '../recorded.fixture.ts'
import { isMissing, pathOf } from '../shared-data.fixture.ts'
import { postgresql, postgresqlMessages } from './index.ts'

// Recorded from PostgreSQL 15.20 of Debian 12 (`fixtures/record-databases.sh`): one session in three forms, and the
// same commands again under other prefixes.
const linesOf = (name: string) => recorded(name).toString().split('\n').slice(0, -1)
const read = (name: string) =>
  eventsOf(
    postgresql,
    linesOf(name).map((line) => Buffer.from(line)),
  )
const text = read('postgresql-debian.log')

/** What a sign-in and what came of it says, in any form. */
function gist({ '@timestamp': at, event, user, source, tidewaiter, message }: Event) {
  const { action, outcome, duration } = event
  const { name } = (user ?? {}) as { name?: string }
  const { ip } = (source ?? {}) as { ip?: string }
  return { at, action, outcome, duration, name, ip, database: tidewaiter.database, message }
}

describe('a session in which accounts sign in, fail, read and change', () => {
  const signIns = text.filter(({ event }) => event.action === 'sign-in').map(gist)

  test('says who signed in, from where, to which database, and who did not', () => {
    expect(signIns.map(({ outcome, name, ip, database }) => [outcome, name, ip, database])).toEqual([
      ['success', 'postgres', undefined, 'postgres'],
      ['success', 'ana', '127.0.0.1', 'broker'],
      ['failure', 'ana', '127.0.0.1', 'broker'],
      ['failure', 'nobody1', '127.0.0.1', 'broker'],
      ['success', 'ana', '127.0.0.1', 'nodatabase'],
      ['failure', 'mallory', '::1', 'broker'],
      ['failure', 'ana', '127.0.0.1', 'tlsonly'],
      ['success', 'postgres', '::1', 'postgres'],
    ])
  })

  test('joins a failure with its detail, and with the line that names the address', () => {
    const failure = text.find(({ message }) => message === 'password authentication failed for user "nobody1"')

    expect(failure).toMatchObject({
      '@timestamp': '2026-11-27T06:14:53.310Z',
      event: { category: ['authentication'], outcome: 'failure', action: 'sign-in' },
      source: { ip: '127.0.0.1', port: 51508 },
      tidewaiter: { detail: expect.stringMatching(/^Role "nobody1" does not exist\.\nConnection matched/) },
    })
    expect(failure?.tidewaiter.records).toHaveLength(4)
  })

  test('keeps a statement of several lines whole, with its duration or its error', () => {
    expect(text.find(({ tidewaiter }) => tidewaiter.statement === "select\n 'two\nlines' from nothere")).toMatchObject({
      event: { type: ['error'], outcome: 'failure', reason: 'relation "nothere" does not exist at character 26' },
    })
    expect(text.find(({ event }) => event.duration === 60_380_000)).toMatchObject({
      event: { category: ['database'], type: ['access'], action: 'statement' },
      user: { name: 'ana' },
      tidewaiter: { statement: 'select pg_sleep(0.06)', database: 'broker' },
    })
  })

  test('calls by name what changes accounts, settings and tables', () => {
    const actions = text.map(({ event }) => event.action)

    for (const action of ['user-created', 'user-changed', 'setting-changed', 'data-dropped', 'server-started'])
      expect(actions).toContain(action)
  })

  test('says the same from text, from CSV and from JSON, and the latter two with address and SQLSTATE', () => {
    const [csv, json] = [read('postgresql.csv'), read('postgresql.json')]
    const told = (events: readonly Event[]) =>
      events
        .map(gist)
        .map(({ message, ip: _, ...rest }) => ({ ...rest, text: message?.replace(/ at character \d+$/, '') }))

    expect(
      csv.map(({ tidewaiter: { record: _, records: __, ...own }, event, source }) => ({ own, event, source })),
    ).toEqual(
      json.map(({ tidewaiter: { record: _, records: __, ...own }, event, source }) => ({
        own,
        event: { ...event, original: expect.any(String) },
        source,
      })),
    )
    expect(told(csv)).toEqual(told(text))
    expect(csv.find(({ event }) => event.code === '22012')).toMatchObject({
      source: { ip: '::1', port: 45208 },
      tidewaiter: { statement: 'select 1/0' },
    })
    expect(csv.filter(({ error }) => error !== undefined)).toEqual([])
  })
})

test.each([
  ['rds', '%t:%r:%u@%d:[%p]: '],
  ['pgbadger', '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h '],
])('the prefix of %s (%s) gives the name, the database and the address', (name) => {
  const events = read(`postgresql-${name}.log`)

  expect(
    events
      .filter(({ event }) => event.action === 'sign-in')
      .map(gist)
      .map(({ outcome, name, ip, database }) => [outcome, name, ip, database]),
  ).toEqual([
    ['success', 'postgres', undefined, 'postgres'],
    ['success', 'ana', '127.0.0.1', 'broker'],
    ['failure', 'ana', '127.0.0.1', 'broker'],
    ['failure', 'nobody1', '127.0.0.1', 'broker'],
    ['success', 'ana', '127.0.0.1', 'nodatabase'],
    ['failure', 'mallory', '::1', 'broker'],
    ['failure', 'ana', '127.0.0.1', 'tlsonly'],
    ['success', 'postgres', '::1', 'postgres'],
  ])
  expect(events.find(({ tidewaiter }) => tidewaiter.statement === 'select pg_sleep(0.06)')).toMatchObject({
    user: { name: 'ana' },
    source: { ip: '127.0.0.1' },
  })
})

test('a prefix that is not known still gives time, label and what the message says', () => {
  const events = read('postgresql-odd.log')

  expect(events.filter(({ error }) => error !== undefined)).toEqual([])
  expect(events.find(({ message }) => message?.startsWith('no pg_hba.conf entry'))).toMatchObject({
    '@timestamp': '2026-11-27T06:14:56.663Z',
    user: { name: 'mallory' },
    source: { ip: '::1' },
  })
})

describe('what a client calls itself', () => {
  const received = '2026-11-27 01:14:53 UTC [7] LOG:  connection received: host=192.0.2.7 port=51498'
  const last = (lines: readonly string[]) =>
    eventsOf(
      postgresql,
      lines.map((line) => Buffer.from(line)),
    ).at(-1)

  test.each([
    'x FATAL:  password authentication failed for user "ana"',
    'x LOG:  connection authorized: user=postgres database=broker application_name=psql',
    'ana@broker',
    'x@203.0.113.9 ',
  ])('is no other name, address or end: %s', (name) => {
    const event = last([
      received,
      `2026-11-27 01:14:53 UTC [7] ${name}@b FATAL:  password authentication failed for user "${name}"`,
    ])

    expect(event?.event.outcome).not.toBe('success')
    expect([undefined, name]).toContain(gist(event ?? expect.fail()).name)
    expect([undefined, '192.0.2.7']).toContain(gist(event ?? expect.fail()).ip)
  })

  test('with keys of the prefix in it gives neither a name nor an address', () => {
    const name = 'x,db=y,client=203.0.113.9'

    expect(
      last([
        `2026-11-27 01:14:53 UTC [7]: user=${name},db=b,app=psql,client=192.0.2.7 FATAL:  password authentication failed for user "${name}"`,
      ]),
    ).toMatchObject({ event: { outcome: 'failure' }, tidewaiter: { doubt: expect.any(String) } })
  })

  test('and an address in the prefix that is not the one that connected is not taken', () => {
    const event = last([
      received,
      '2026-11-27 01:14:53 UTC [7]: user=ana,db=b,client=203.0.113.9 FATAL:  password authentication failed for user "ana"',
    ])

    expect(event?.source).toBeUndefined()
    expect(event?.tidewaiter.doubt).toBeDefined()
  })
})

test('a time counts where its zone is known, and is not made up where it is not', () => {
  const at = (line: string, zone?: string) =>
    eventsOf(postgresql, [line], zone === undefined ? {} : { context: { zone: { name: zone, basis: '' } } })[0]?.[
      '@timestamp'
    ]

  expect(at('2021-02-14 01:34:02 CET [30291]: LOG:  checkpoint complete')).toBe('2021-02-14T00:34:02Z')
  expect(at('2021-02-14 01:34:02.125 +03 [30291]: LOG:  checkpoint complete')).toBe('2021-02-13T22:34:02.125Z')
  expect(at('2021-02-14 01:34:02 CST [30291]: LOG:  checkpoint complete')).toBeUndefined()
  expect(at('2021-02-14 01:34:02 CST [30291]: LOG:  checkpoint complete', 'America/Chicago')).toBe(
    '2021-02-14T07:34:02Z',
  )
  expect(at('2021-02-14 01:34:02 CST [30291]: LOG:  checkpoint complete', 'Europe/Berlin')).toBeUndefined()
  expect(at('1613266442.125 [30291]: LOG:  checkpoint complete')).toBe('2021-02-14T01:34:02.125Z')
})

test('an entry that is open when a batch ends goes on in the next one, and an address is still known', () => {
  const all = linesOf('postgresql-debian.log')
  const whole = JSON.stringify(text.map(({ tidewaiter: _, ...event }) => event))
  for (let cut = 1; cut < all.length; cut += 3) {
    const first = postgresql.start({})
    const events = all.slice(0, cut).flatMap((line) => first.push(recordOf(Buffer.from(line))))
    const state = first.state()
    const then = postgresql.start({}, state === undefined ? undefined : JSON.parse(JSON.stringify(state)))
    events.push(...all.slice(cut).flatMap((line) => then.push(recordOf(Buffer.from(line)))), ...then.end())

    expect(JSON.stringify(events.map(({ tidewaiter: _, ...event }) => event))).toBe(whole)
  }
})

test('syslog carries the same messages', () => {
  const [event] = eventsOf(decoderById('syslog'), [
    'Nov 27 01:14:53 db postgres[11944]: [3-1] nobody1@broker FATAL:  password authentication failed for user "nobody1"',
  ])

  expect(event).toMatchObject({
    event: { dataset: 'postgresql', outcome: 'failure', action: 'sign-in' },
    user: { name: 'nobody1' },
    tidewaiter: { database: 'broker' },
  })
  expect(
    postgresqlMessages.decode('[3-2] nobody1@broker DETAIL:  Role "nobody1" does not exist.', 'postgres'),
  ).toBeUndefined()
})

test('a log is known by what it holds, in each of its forms', () => {
  for (const name of [
    'postgresql-debian.log',
    'postgresql-rds.log',
    'postgresql-odd.log',
    'postgresql.csv',
    'postgresql.json',
  ])
    expect(decoderByContent(recorded(name)).id).toBe('postgresql')
})

test('a password that a statement holds stands in its record only', () => {
  for (const name of ['postgresql-debian.log', 'postgresql-rds.log', 'postgresql.csv', 'postgresql.json'])
    for (const { event, ...rest } of read(name)) {
      expect(JSON.stringify(rest)).not.toContain('secret-one')
      if (event.action === 'user-created') expect(event.original).toContain('secret-one')
    }
})

describe.skipIf(isMissing('db_logs', 'db_measured', 'os_artifacts'))('logs of other servers (shared data)', () => {
  const decode = (name: string) => Array.fromAsync(decodeFile(pathOf(name), { zone: 'UTC' }))

  test('of pgbadger’s tests are read line by line', async () => {
    for (const name of ['begin_end.log', 'multiline_param.log', 'pg_rawcsv.log', 'stmt_type.log']) {
      const events = await decode(`db_logs/${name}`)
      expect(events.filter(({ error }) => error !== undefined)).toEqual([])
      expect(new Set(events.map(({ event }) => event.dataset))).toEqual(new Set(['postgresql']))
    }
    const parameters = await decode('db_logs/multiline_param.log')
    expect(parameters).toHaveLength(8)
    expect(parameters.at(-1)?.tidewaiter.detail).toBe("parameters: $1 = '1234', $2 = 'njvarchar\nbye', $3 = 'iiii'")
  })

  test('of plaso’s tests join two refusals with what they say in the next two lines', async () => {
    const events = await decode('os_artifacts/postgresql.log')
    const refused = events.filter(({ event }) => event.action === 'sign-in')

    expect(events.filter(({ error }) => error !== undefined)).toEqual([])
    expect(refused.map(({ '@timestamp': at, tidewaiter }) => [at, tidewaiter.records?.length])).toEqual([
      ['2022-04-12T00:24:24.741Z', 3],
      ['2022-04-12T00:25:37.732Z', 3],
    ])
    expect(refused[0]?.tidewaiter.detail).toMatch(/has no password assigned\.\nConnection matched/)
  })

  test('of a load test have the six sign-ins of an account that is not there, as its script made them', async () => {
    const events = await decode('db_measured/postgresql_csvlog.csv')
    const unknown = events.filter((event) => event.event.outcome === 'failure' && gist(event).name === 'nosuchuser')

    expect(events.filter(({ error }) => error !== undefined)).toEqual([])
    expect(unknown).toHaveLength(6)
    expect(new Set(unknown.map(({ event }) => event.action))).toEqual(new Set(['sign-in']))
  })
})

test.skipIf(isMissing('login_web_crowdsec'))(
  'sign-ins of a word list have the names and addresses that CrowdSec reads (shared data)',
  async () => {
    const { records, right, differences } = await labelAccuracy(['login_web_crowdsec/pgsql-user-enum'])

    expect(differences).toEqual([])
    expect([records, right]).toEqual([6, 6])
  },
)
