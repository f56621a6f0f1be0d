import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { movedTo } from '../receive/farewell.ts'
import type { SaidState } from '../receive/standings.ts'
import { coverageFrom, type HostStanding, type Known } from './host-coverage.ts'

const day = '2026-11-24T'
const at = (time: string) => `${day}${time}:00.000Z`
const nowMs = Date.parse(at('12:00'))
const auth = 'log-file:/var/log/auth.log'

test('a host that fell silent could not be asked from the end of its evidence up to now', () => {
  const silent = { isConnected: false, heardMs: Date.parse(at('10:00')), why: 'The connection was lost.' }

  expect(coverage([covered(auth, '09:00', '10:00')], silent)).toEqual([
    `${auth} covered 09:00-10:00`,
    `${auth} not-reachable 10:00-12:00 The connection was lost.`,
  ])
})

test('a host that named sources without number is told of like any other', () => {
  const spans = Array.from({ length: 200_000 }, (_, i) => covered(`log-file:/${i}`, '09:00', '12:00'))

  expect(coverage(spans, {})).toHaveLength(spans.length)
})

test('a source that is not enabled is no covered one, and neither is it once the host is gone', () => {
  const said = saying({ id: auth, state: 'ok' }, { id: 'login:btmp', state: 'not-enabled', why: 'no such file' })
  const silent = { said, isConnected: false, heardMs: Date.parse(at('10:00')) }

  expect(coverage([covered(auth, '09:00', '10:00')], silent)).toEqual([
    `${auth} covered 09:00-10:00`,
    'login:btmp not-enabled 09:00-10:00 no such file',
    `${auth} not-reachable 10:00-12:00`,
    'login:btmp not-reachable 10:00-12:00',
  ])
})

test('a history that was read to its end misses nothing after it; one that was not, does', () => {
  const past = 'log-file:history:/var/log/auth.log'
  const backfill = { unit: 'byte', done: 9, total: 9, finishedAt: at('09:30') } as const
  const spans = [covered(auth, '09:00', '12:00'), covered(past, '09:00', '09:30')]
  const ended = saying({ id: auth, state: 'ok' }, { id: past, state: 'ok', backfill })
  const open = saying({ id: auth, state: 'ok' }, { id: past, state: 'ok', backfill: { ...backfill, finishedAt: null } })
  const gone = { isConnected: false, heardMs: Date.parse(at('12:00')) }

  expect(coverage(spans, { said: ended })).toEqual([`${auth} covered 09:00-12:00`, `${past} covered 09:00-09:30`])
  expect(coverage(spans, { said: ended, ...gone })).not.toContainEqual(expect.stringContaining(`${past} not-reachable`))
  expect(coverage(spans, { said: open, ...gone })).toContainEqual(expect.stringContaining(`${past} not-reachable`))
})

test('what the index left out stands beside what the host gave', () => {
  const beyond = { ...covered('index:observables', '09:30', '09:40'), state: 'lost' as const, lost: 6 }

  expect(coverage([covered(auth, '09:00', '12:00')], {}, { leftOut: [beyond] })).toEqual([
    `${auth} covered 09:00-12:00`,
    'index:observables lost 09:30-09:40',
  ])
})

test('a host of which nothing ever came says so, once it had its time to begin', () => {
  const never = { heardMs: undefined, isConnected: false, why: 'It never connected.' }

  expect(coverage([], { ...never, enrolledMs: Date.parse(at('11:59')) })).toEqual([])
  expect(coverage([], never)).toEqual([
    'agent not-reachable 08:00-12:00 No source of this host gave anything since it was enrolled. It never connected.',
  ])
})

test('a host that goes on under a new key is asked there', () => {
  const moved = { isConnected: false, farewell: movedTo('ab'.repeat(16)), why: 'It goes on as another.' }

  expect(coverage([covered(auth, '09:00', '10:00')], moved)).toContain(
    `${auth} not-asked 10:00-12:00 It goes on as another.`,
  )
})

test('a collector that stopped while the host went on is a gap; a slow snapshot is not, before twice its period', () => {
  const spans = [
    covered(auth, '09:00', '12:00'),
    covered('autoruns', '09:00', '09:30'),
    covered('hand-made', '09:00', '09:01'),
  ]
  const said = saying({ id: auth, state: 'ok' }, { id: 'autoruns', state: 'ok' }, { id: 'hand-made', state: 'ok' })
  const gapsWith = (periods: Known['periods']) =>
    coverage(spans, { said }, { periods }).filter((span) => span.includes('not-reachable'))

  expect(gapsWith(new Map([['autoruns', 60_000]]))).toEqual([
    'autoruns not-reachable 09:30-12:00 The agent went on and named this source no more: its collector gave nothing.',
  ])
  expect(gapsWith(new Map([['autoruns', 2 * 3_600_000]]))).toEqual([])
  expect(gapsWith(new Map([['hand-made', 3_600_000]]))).toEqual([
    expect.stringContaining('hand-made not-reachable 09:01'),
  ])
})

test('of a snapshot of known period no other is believed, however close two of its passes were', () => {
  const said = saying({ id: auth, state: 'ok' }, { id: 'inventory', state: 'ok' }, { id: 'process', state: 'ok' })
  const spans = [
    covered(auth, '09:00', '12:00'),
    covered('inventory', '09:00', '09:01'),
    covered('process', '09:00', '09:01'),
  ]
  const periods = new Map([
    ['inventory', 30_000],
    ['process', 6 * 3_600_000],
  ])

  expect(coverage(spans, { said }, { periods }).filter((span) => span.includes('not-reachable'))).toEqual([
    expect.stringContaining('process not-reachable 09:01-12:00'),
  ])
})

test('what the agent writes of itself is no source that could be gone, and stands for none', () => {
  const own = [covered('agent:run', '09:00', '09:30'), covered('agent:gap', '09:01', '09:01')]
  const silent = { isConnected: false, heardMs: Date.parse(at('10:00')) }

  expect(
    coverage([covered(auth, '09:00', '10:00'), ...own], silent).filter((span) => span.startsWith('agent')),
  ).toEqual(['agent:run covered 09:00-09:30', 'agent:gap covered 09:01-09:01'])
  expect(coverage(own, silent)).toContain(
    'agent not-reachable 08:00-12:00 No source of this host gave anything since it was enrolled.',
  )
})

test('what follows at once and says the same is one span; losses stay apart', () => {
  const off = { ...covered(auth, '10:00', '11:00'), state: 'not-reachable' as const, why: 'It is off.', records: 0 }
  const lost = { ...covered('journal:system', '10:00', '10:00'), state: 'lost' as const, lost: 1, why: 'full' }
  const spans = [covered(auth, '08:00', '09:00'), covered(auth, '09:00', '10:00'), off, lost, lost]
  const said = saying({ id: auth, state: 'ok' }, { id: 'journal:system', state: 'ok' })
  const silent = { said, isConnected: false, heardMs: Date.parse(at('11:00')), why: 'It is off.' }

  expect(coverage(spans, silent)).toEqual([
    `${auth} covered 08:00-10:00`,
    'journal:system lost 10:00-10:00 full',
    'journal:system lost 10:00-10:00 full',
    'journal:system not-reachable 10:00-12:00 It is off.',
    `${auth} not-reachable 10:00-12:00 It is off.`,
  ])
})

test('imported files are no host that could be gone', () => {
  const spans = [covered('file:auth.log', '09:00', '10:00'), covered('file:secure', '08:00', '08:10')]

  expect(coverage(spans, { kind: 'import', isConnected: false, heardMs: undefined })).toHaveLength(2)
})

function coverage(spans: CoverageSpan[], standing: Partial<HostStanding>, known: Partial<Known> = {}): string[] {
  const usual: HostStanding = {
    kind: 'agent',
    enrolledMs: Date.parse(at('08:00')),
    said: undefined,
    heardMs: nowMs,
    isConnected: true,
    farewell: null,
    why: undefined,
  }
  const found = coverageFrom({ spans, periods: new Map(), leftOut: [], ...known }, { ...usual, ...standing }, nowMs)
  return found.map(({ id, state, from, to, why = '' }) =>
    `${id} ${state} ${from.slice(11, 16)}-${to.slice(11, 16)} ${why}`.trimEnd(),
  )
}

function covered(id: string, from: string, to: string): CoverageSpan {
  return { id, state: 'covered', from: at(from), to: at(to), records: 5, lost: 0 }
}

function saying(...sources: SaidState['sources']): SaidState {
  const since = Object.fromEntries(sources.filter(({ state }) => state !== 'ok').map(({ id }) => [id, at('09:00')]))
  const spool = { batches: 0, bytes: 0, unacked: 0 }
  return { sources, since, spool, clockOffsetMs: null, cpuPercent: 0, rssBytes: 0 }
}
