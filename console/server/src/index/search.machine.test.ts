import type { EventPage, EventQuery } from '@tidewaiter/protocol/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { logLines, openTestConsole, readAt, type TestConsole, type TestHost } from './index.fixture.ts'
import { codeOfPromise } from './refusal.fixture.ts'

let console: TestConsole
let desk: TestHost
let lap: TestHost

const failed = 'Nov 24 11:00:00 desk-1 sshd[77]: Failed password for invalid user admin from 203.0.113.7 port 4022 ssh2'
const accepted = 'Nov 24 11:30:00 desk-1 sshd[78]: Accepted password for Root from 2001:db8::17 port 4023 ssh2'
const ssn = 'Nov 24 11:40:00 desk-1 import[5]: importer 12-3456789, ssn: 123456789, session 987654321'
const umlaut = 'Nov 24 11:45:00 desk-1 app[9]: Prüfung MÜLLER fertig, siehe http://evil.example/a?b=1 auf 198.51.100.9.'
const other = 'Nov 24 11:50:00 lap-1 jobs[3]: (backup) CMD (/usr/local/bin/backup --all)'

beforeAll(async () => {
  console = await openTestConsole({ now: () => Date.parse('2026-11-24T12:10:00Z') })
  desk = await console.host('desk-1')
  lap = await console.host('lap-1')
  await desk.send({ chunks: [logLines([failed, accepted, ssn, umlaut])] })
  await lap.send({ chunks: [logLines([other], { source: 'log-file:/var/log/syslog' })] })
  await console.caughtUp()
})

afterAll(() => console.close())

describe('a search finds by', () => {
  test.each([
    ['words wherever they stand', 'password', [failed, accepted]],
    ['words in quotes side by side', '"for invalid user"', [failed]],
    ['words in quotes, also with what stands between them', '"sshd[77]: failed password"', [failed]],
    ['words in another order only without quotes', '"user invalid"', []],
    ['the beginning of a word', 'passw*', [failed, accepted]],
    ['words without case, in every script', 'müller PRÜFUNG', [umlaut]],
    ['several words at once', 'failed admin', [failed]],
    ['one of several', 'failed or backup', [failed, other]],
    ['what is not there', 'password and not failed', [accepted]],
    ['a field, without case', 'user.name:root', [accepted]],
    ['the text of a field with stars', 'user.name:a*m*n', [failed]],
    ['one of several values', 'user.name:(root or admin)', [failed, accepted]],
    ['a field that is there', 'user.name:*', [failed, accepted]],
    ['a field that is not there', 'not user.name:*', [ssn, umlaut, other]],
    [
      'a value that a field has not, also where it has none',
      'not user.name:root and process.name:*',
      [failed, ssn, umlaut, other],
    ],
    ['a number', 'source.port:4022', [failed]],
    ['a range of numbers', 'process.pid>=77 and process.pid<78', [failed]],
    ['an address in a field', 'source.ip:203.0.113.7', [failed]],
    ['an address of IPv6, however it is written', 'source.ip:2001:0DB8:0::0017', [accepted]],
    ['a network in a field', 'source.ip:203.0.113.0/29', [failed]],
    ['an address wherever it stands', '198.51.100.9', [umlaut]],
    ['a network wherever an address of it stands', 'ip:198.51.100.0/24', [umlaut]],
    ['a network of IPv6', 'ip:2001:db8::/32', [accepted]],
    ['a URL', '"evil.example/a"', [umlaut]],
    ['outcome and category', 'event.outcome:failure event.category:authentication', [failed]],
    ['dataset', 'event.dataset:sshd', [failed, accepted]],
    ['a host by name', 'host:lap-1', [other]],
    ['hosts by a part of the name', 'host:*-1 backup', [other]],
    ['a source', 'source:*syslog', [other]],
    ['a host that is none', 'host:nobody', []],
    ['time', '@timestamp>=2026-11-24T11:45:00Z', [umlaut, other]],
    ['brackets', '(failed or accepted) and (user.name:root or source.port:1)', [accepted]],
    ['a private number with dashes', '12-3456789', [ssn]],
    ['a private number without its dashes', '123456789', [ssn]],
    ['nine digits that nobody named a number', '987654321', [ssn]],
  ])('%s', async (_what, q, lines) => {
    expect(await linesOf({ q, order: 'oldest' })).toEqual(lines)
  })

  test('a span of time, a host, and both', async () => {
    expect(await linesOf({ from: '2026-11-24T11:30:00Z', to: '2026-11-24T11:40:00Z' })).toEqual([accepted])
    expect(await linesOf({ from: '-24m' })).toEqual([other])
    expect(await linesOf({ host: lap.id })).toEqual([other])
    expect(await linesOf({ host: desk.id, from: '-31m' })).toEqual([umlaut, ssn])
  })
})

test('what cannot be read is refused with its column, and a span or a place that is none too', async () => {
  const { index } = console

  expect(await codeOfPromise(index.search({ q: 'user.name:' }))).toBe('query-malformed')
  expect(await codeOfPromise(index.search({ q: 'usr.name:x' }))).toBe('query-malformed')
  expect(await codeOfPromise(index.search({ from: 'yesterday' }))).toBe('query-malformed')
  expect(await codeOfPromise(index.search({ from: '-1h', to: '-2h' }))).toBe('query-malformed')
  expect(await codeOfPromise(index.search({ after: 'WzFd' }))).toBe('input-malformed')
})

test('lists show no private number; the opened record does', async () => {
  const { rows } = await console.index.search({ q: '12-3456789' })
  const listed = JSON.stringify(rows)
  const [opened] = await console.index.eventsOf(rows[0]?.record ?? '')

  expect(listed).not.toContain('3456789')
  expect(listed).toContain('987654321')
  expect(opened?.document.event).toMatchObject({ original: ssn })
})

test('an event is found by its record, and a record that nobody sealed has none', async () => {
  const [row] = await console.index.eventsOf(`${desk.id}/1/1`)

  expect(row).toMatchObject({ record: `${desk.id}/1/1`, host: { name: 'desk-1' }, readAt })
  expect(await console.index.eventsOf(`${desk.id}/9/0`)).toEqual([])
  expect(await console.index.eventsOf('nonsense')).toEqual([])
})

test('a histogram counts what a search finds, and says what is covered', async () => {
  const all = await console.index.histogram({})
  const some = await console.index.histogram({
    q: 'password',
    from: '2026-11-24T11:00:00Z',
    to: '2026-11-24T12:00:00Z',
  })

  expect(all).toMatchObject({ total: 5, coverage: { hosts: 2, covered: 0 } })
  expect(some.total).toBe(2)
  expect(some.buckets).toEqual([
    { at: '2026-11-24T11:00:00.000Z', count: 1 },
    { at: '2026-11-24T11:30:00.000Z', count: 1 },
  ])
})

test('datasets and counts are what came in', async () => {
  expect(await console.index.datasets(desk.id)).toEqual([
    { dataset: 'sshd', count: 2, lastAt: '2026-11-24T11:30:00.000Z' },
    { dataset: 'syslog', count: 2, lastAt: '2026-11-24T11:45:00.000Z' },
  ])
  expect(await console.index.counts()).toMatchObject({ events: 5 })
  expect(await console.index.windows.datasetsOf(desk.id)).toEqual(['sshd', 'syslog'])
})

/** The lines a search finds; the one with private numbers is known by what stands around them. */
async function linesOf(query: EventQuery): Promise<unknown[]> {
  const page: EventPage = await console.index.search(query)
  expect(page.total).toBe(page.rows.length)
  return page.rows.map(({ document }) => {
    const text = (document.event as { original: string }).original
    return /importer pn/.test(text) ? ssn : text
  })
}
