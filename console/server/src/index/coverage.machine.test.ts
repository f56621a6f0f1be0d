import { rmSync } from 'node:fs'
import type { Header, Loss, Position, SourceSpan } from '@tidewaiter/protocol'
import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { expect, onTestFinished, test } from 'vitest'
import type { Event } from '../decode/decoder.ts'
import { cutTo } from './cut-spans.ts'
import { newFolder } from './index.fixture.ts'
import { files } from './layout.ts'
import { neverHeld } from './never-held.ts'
import { evidenceOf } from './read/coverage.ts'
import { openHandles } from './read/handles.ts'
import { embeddedSchema } from './schema.ts'
import { openAbsences } from './write/absences.ts'
import { openForWriting } from './write/database.ts'
import { openIllSources } from './write/ill-sources.ts'
import { openNumbers } from './write/numbers.ts'
import { openSpans } from './write/spans.ts'

test('a source that is named every minute and whose positions join is one covered span', async () => {
  expect(await covered([named(0, 0, 10), named(1, 10, 10, 0), named(2, 10, 25, 15)])).toEqual([
    'covered 12:00-12:02 25',
  ])
})

test('positions that do not join are a loss that nobody can count, and the next span begins behind it', async () => {
  expect(await covered([named(0, 0, 10), named(1, 90, 100), named(2, 100, 110)])).toEqual([
    'covered 12:00-12:00 10',
    'lost 12:00-12:01 null',
    'covered 12:01-12:02 20',
  ])
})

test('numbers of records tell how many are missing; numbers of passes do not', async () => {
  const number = (n: number) => ({ number: n })
  const row = (minute: number, from: number, to: number) =>
    header(minute, { sources: [{ id: 'event-log:Security', first: number(from), next: number(to), count: to - from }] })

  expect(await covered([row(0, 1, 11), row(1, 14, 20)])).toContain('lost 12:00-12:01 3')
  expect(await covered([row(0, 1, 2), row(1, 4, 5)], { snapshots: ['event-log:Security'] })).toContain(
    'lost 12:00-12:01 null',
  )
})

test.each([
  ['bytes 10 to 90 of the file are missing', fileAt(10), fileAt(90)],
  ['went back from byte 10 to 0', fileAt(10), fileAt(0)],
  ['rewritten', fileAt(10), fileAt(10, { headSha256: 'cd'.repeat(32) })],
  ['another file at byte 0', fileAt(10), fileAt(0, { ino: '3' })],
  ['went back from 500 to 3: the log was cleared', { number: 500 }, { number: 3 }],
  ['record 5 to 8 are missing', { number: 5 }, { number: 9 }],
  ['counted anew after the machine booted', { number: 5, bootId: 'a' }, { number: 0, bootId: 'b' }],
  ['records are missing', { cursor: 's=1' }, { cursor: 's=9' }],
])('a jump that nobody owns up to is named: %s', async (why, before, first) => {
  const at = (minute: number, from: Position, next: Position) =>
    header(minute, { sources: [{ id: source, first: from, next, count: 1 }] })
  const spans = await coverage([at(0, before, before), at(1, first, first)])

  expect(spans.find(({ state }) => state === 'lost')?.why).toContain(why)
})

test('what a header owns up to is counted once, and cut out of what is covered', async () => {
  const loss: Loss = { source, count: 7, cause: 'rate limit', from: at(1), to: at(2) }

  expect(await covered([named(0, 0, 10), named(1, 10, 20), { ...named(3, 20, 30), lost: [loss] }])).toEqual([
    'covered 12:00-12:01 30',
    'lost 12:01-12:02 7',
    'covered 12:02-12:03 0',
  ])
})

test('a hole that a later header explains is that loss', async () => {
  const loss: Loss = { source, count: 40, cause: 'the spool was full', from: at(0), to: at(1) }
  const spans = await coverage([named(0, 0, 10), named(1, 50, 60), { ...named(2, 60, 70), lost: [loss] }])

  expect(spans.filter(({ state }) => state === 'lost')).toEqual([
    { id: source, state: 'lost', from: at(0), to: at(1), records: 0, lost: 40, why: 'the spool was full' },
  ])
})

test('a hole is explained by what is owned up to, and no further: the rest of its count stands', async () => {
  const id = 'event-log:Security'
  const row = (minute: number, from: number, to: number, lost: Loss[] = []) =>
    header(minute, { sources: [{ id, first: { number: from }, next: { number: to }, count: to - from }], lost })
  const loss = (count: number | null, cause = 'the spool was full'): Loss => ({
    source: id,
    count,
    cause,
    from: at(0),
    to: at(1),
  })
  const lost = async (...headers: Header[]) =>
    (await coverage(headers))
      .filter(({ state }) => state === 'lost')
      .map(({ lost, why = '' }) => [lost, why.slice(0, 27)])
  const unexplained = 'Its positions do not join: '
  const [before, behind] = [row(0, 1, 11), row(1, 111, 121)]

  expect(await lost(before, behind, row(2, 121, 122, [loss(1)]))).toEqual([
    [99, unexplained],
    [1, 'the spool was full'],
  ])
  expect(await lost(before, row(1, 111, 121, [loss(1)]))).toEqual([
    [99, unexplained],
    [1, 'the spool was full'],
  ])
  expect(await lost(before, row(1, 111, 121, [loss(40), loss(60, 'too slow')]))).toEqual([
    [60, 'too slow'],
    [40, 'the spool was full'],
  ])
  expect(await lost(before, behind, row(2, 121, 122, [loss(null), loss(100)]))).toEqual([
    [100, 'the spool was full'],
    [null, 'the spool was full'],
  ])
})

test('a batch that has fewer records than its numbers move on is a hole of the others, which what its host owned up to explains', async () => {
  const id = 'event-log:Security'
  const row = (minute: number, from: number, to: number, { count = to - from, lost = [] as Loss[] } = {}) =>
    header(minute, { sources: [{ id, first: { number: from }, next: { number: to }, count }], lost })
  const loss = (count: number): Loss => ({ source: id, count, cause: 'overwritten', from: at(0), to: at(0) })
  const lost = async (headers: readonly Header[], around?: Around) =>
    (await coverage(headers, around))
      .filter(({ state }) => state === 'lost')
      .map(({ from, to, lost, why }) => [from.slice(14, 16), to.slice(14, 16), lost, why])
  const begins = row(0, 1, 11)
  const unexplained = (what: string) => `Its positions do not join: ${what}`

  expect(await lost([begins, row(1, 11, 111, { count: 1 }), row(2, 111, 112)])).toEqual([
    ['00', '01', 99, unexplained('99 of the records 11 to 110 are missing.')],
  ])
  expect(await lost([begins, row(1, 11, 111, { count: 0 })])).toMatchObject([['00', '01', 100, expect.anything()]])
  // In the same header, and in one before or behind it.
  expect(await lost([begins, row(1, 11, 111, { count: 1, lost: [loss(99)] })])).toMatchObject([
    ['00', '01', 99, 'overwritten'],
  ])
  const early = [begins, row(1, 11, 11, { lost: [loss(60)] }), row(2, 11, 111, { count: 1 })]
  expect(await lost(early)).toEqual([
    ['00', '00', 60, 'overwritten'],
    ['01', '02', 39, unexplained('39 of the records 11 to 110 are missing.')],
  ])
  // What was owned up to excuses as much once, also over a transaction.
  const twice = [row(3, 111, 120), row(4, 120, 180, { count: 0 })]
  expect((await lost([...early, ...twice])).map(([, , count]) => count)).toEqual([60, 39, 60])
  expect(await lost([begins, row(1, 11, 12, { count: 1, lost: [loss(60)] }), row(4, 12, 72, { count: 0 })])).toEqual([
    ['00', '00', 60, 'overwritten'],
  ])
  const behind = [begins, row(1, 11, 111, { count: 1 }), row(2, 111, 111, { lost: [loss(99)] })]
  expect(await lost(behind)).toMatchObject([['00', '01', 99, 'overwritten']])
  // Passes, counts of another boot, and what is a position of something else.
  expect(await lost([begins, row(1, 11, 15, { count: 2 })], { snapshots: [id] })).toEqual([])
  expect(await lost([header(0, { sources: [passOf('process', 1)] })])).toEqual([])
  expect(await lost([named(0, 0, 500, 1)])).toEqual([])
})

test('a hole in the batch that owns up to it is that loss, whatever times it states', async () => {
  const loss: Loss = { source, count: 40, cause: 'rotated away', from: at(90), to: at(90) }
  const spans = await coverage([named(0, 0, 10), { ...named(1, 50, 60), lost: [loss] }])

  expect(spans.filter(({ state }) => state === 'lost')).toMatchObject([{ from: at(0), to: at(90), lost: 40 }])
})

test('losses of one cause that follow one another are one', async () => {
  const losing = (minute: number) => ({
    ...named(minute, minute * 10, minute * 10 + 10),
    lost: [{ source, count: minute, cause: 'rate limit', from: at(minute), to: at(minute) }],
  })
  const spans = await coverage([named(0, 0, 10), losing(1), losing(2), losing(3)])

  expect(spans.filter(({ state }) => state === 'lost')).toMatchObject([{ from: at(1), to: at(3), lost: 6 }])
})

test('silence is covered while the agent is alive; a pause of the agent is not', async () => {
  const spans = await coverage([named(0, 0, 10), named(1, 10, 10, 0), named(90, 10, 20), named(91, 20, 20, 0)])

  expect(spans.map(text)).toEqual([
    'covered 12:00-12:01 10',
    'not-reachable 12:01-13:30 null',
    'covered 13:30-13:31 10',
  ])
  expect(spans[1]?.why).toContain('Nothing came from the agent')
})

test('a source that is away while others go on says so', async () => {
  const other = (minute: number) => header(minute, { sources: [spanOf('journal:system', minute, minute + 1, 1)] })
  const others = Array.from({ length: 90 }, (_, minute) => other(minute))
  const spans = await coverage([named(0, 0, 10), ...others, named(89, 10, 20)])

  expect(spans.filter(({ id }) => id === source).map(text)).toEqual([
    'covered 12:00-12:00 10',
    'not-reachable 12:00-13:29 null',
    'covered 13:29-13:29 10',
  ])
  expect(spans.find(({ state }) => state === 'not-reachable')?.why).toContain('did not name this source')
})

test('a snapshot that is taken every quarter of an hour is covered, and one that pauses for longer than twice that is not', async () => {
  const pass = (minute: number, n: number) => header(minute, { sources: [passOf('autoruns', n)] })

  expect(await covered([pass(0, 0), pass(15, 1), pass(30, 2), pass(45, 3)])).toEqual(['covered 12:00-12:45 0'])
  expect(await covered([pass(0, 0), pass(15, 1), pass(30, 2), pass(80, 3), pass(95, 4)])).toEqual([
    'covered 12:00-12:30 0',
    'not-reachable 12:30-13:20 null',
    'covered 13:20-13:35 0',
  ])
})

test('a stream that dies twice is not taken for a slow snapshot', async () => {
  const spans = await covered([
    named(0, 0, 1),
    named(1, 1, 1, 0),
    named(120, 1, 1, 0),
    named(121, 1, 1, 0),
    named(240, 1, 1, 0),
  ])

  expect(spans.filter((span) => span.startsWith('not-reachable'))).toHaveLength(2)
})

test('a stream that is named once in each of many short lives of its agent is not taken for a slow snapshot', async () => {
  const lives = [0, 5, 10, 15, 20].map((minute) => named(minute, 0, 0))

  expect((await covered(lives)).filter((span) => span.startsWith('not-reachable'))).toHaveLength(4)
})

test('a snapshot that is taken every hour covers nothing while the agent was not there', async () => {
  const pass = (n: number) => header(n * 60, { sources: [passOf('inventory', n)] })
  const alive = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => header(from + i, { sources: [spanOf(source, 0, 0, 0)] }))
  // Away from 125 to 170.
  const headers = [alive(1, 59), [pass(1)], alive(61, 119), [pass(2)], alive(121, 125), alive(170, 179), [pass(3)]]
  const spans = await coverage([pass(0), ...headers.flat()])

  expect(spans.filter(({ id }) => id === 'inventory').map(text)).toEqual([
    'covered 12:00-14:05 0',
    'not-reachable 14:05-14:50 null',
    'covered 14:50-15:00 0',
  ])
})

test('a snapshot that is taken every six hours is covered from pass to pass and since the last one, however often its agent began anew', async () => {
  const alive = minutes(0, 21).map((minute) => header(minute, { sources: [spanOf(source, 0, 0, 0)] }))
  const passes = [0, 0.5, 7].map((minute, n) => ({
    minute,
    header: header(minute, { sources: [passOf('inventory', n)] }),
  }))
  const headers = [...alive.map((each, minute) => ({ minute, header: each })), ...passes]
    .sort((a, b) => a.minute - b.minute)
    .map(({ header }) => header)
  const told = [
    startedAt(0.5, { ended: 'stopped', at: at(0.25) }, 'It was stopped.'),
    startedAt(7, { ended: 'killed', at: at(5) }, 'It was killed.'),
  ]
  const of = (spans: CoverageSpan[]) => spans.filter(({ id }) => id === 'inventory').map(text)

  expect(of(await coverage(headers, { snapshots: ['inventory'] }))).toEqual(['covered 12:00-12:20 0'])
  expect(of(await coverage(headers, { snapshots: ['inventory'], told }))).toEqual([
    'covered 12:00-12:05 0',
    'not-reachable 12:05-12:07 null',
    'covered 12:07-12:20 0',
  ])
  expect(
    of(
      await coverage(headers, {
        snapshots: ['inventory'],
        told: [said(2, 'failed', false, 'inventory'), said(4, 'ok', false, 'inventory')],
      }),
    ),
  ).toEqual(['covered 12:00-12:02 0', 'not-enabled 12:02-12:04 null', 'covered 12:04-12:20 0'])
})

test('what the agent writes of itself has no gaps, and loses like any other', async () => {
  const own = (minute: number, n: number, lost: Loss[] = []) =>
    header(minute, { sources: [{ ...passOf('agent:policy', n), count: 1 }, spanOf(source, 0, 0, 0)], lost })
  const loss: Loss = { source: 'agent:policy', count: 1, cause: 'the spool was full', from: at(3), to: at(3) }
  const alive = (from: number, to: number) =>
    minutes(from, to).map((minute) => header(minute, { sources: [spanOf(source, 0, 0, 0)] }))

  const spans = await coverage([own(0, 0), ...alive(1, 30), own(30, 1, [loss])])

  expect(spans.filter(({ id }) => id === 'agent:policy').map(text)).toEqual([
    'covered 12:00-12:00 1',
    'lost 12:03-12:03 1',
    'covered 12:30-12:30 1',
  ])
})

test('a pause is named by what the host itself sealed about it', async () => {
  const slept = {
    event: { dataset: 'agent', action: 'asleep' },
    '@timestamp': at(90),
    message: 'The machine was asleep.',
    tidewaiter: { record: 'desk/1/0', agent: { from: at(1), to: at(90) } },
  }
  const headers = [named(0, 0, 10), named(1, 10, 10, 0), named(90, 10, 20), named(91, 20, 20, 0)]
  const spans = await coverage(headers, { told: [slept] })

  expect(spans.find(({ state }) => state === 'not-reachable')?.why).toBe('The machine was asleep.')
})

test('what the host sealed of a source that gave nothing stays said when it is well again, and across a time it was off', async () => {
  const other = (minute: number) => passOf('interface', minute)
  const both = (minute: number, first: number, next: number) =>
    header(minute, { sources: [spanOf(source, first, next, next - first), other(minute)] })
  const alone = (minute: number) => header(minute, { sources: [other(minute)] })
  const headers = [
    both(0, 0, 10),
    ...minutes(1, 31).map(alone),
    both(31, 10, 20),
    // The host is off for an hour, and its source is ill when it is back.
    ...minutes(91, 121).map(alone),
    both(121, 20, 30),
  ]
  const told = [said(1, 'not-enabled'), said(30, 'ok'), said(92, 'failed', true), said(120, 'ok')]

  const spans = (await coverage(headers, { snapshots: ['interface'], told })).filter(({ id }) => id === source)

  expect(spans.map(text)).toEqual([
    'covered 12:00-12:00 10',
    'not-enabled 12:00-12:30 null',
    'not-reachable 12:30-12:31 null',
    'covered 12:31-12:31 10',
    'not-reachable 12:31-13:32 null',
    'not-enabled 13:32-14:00 null',
    'not-reachable 14:00-14:01 null',
    'covered 14:01-14:01 10',
  ])
  expect(spans[1]?.why).toBe('No such file.')
})

test('of a source that is first named behind a hole in the chain of its host, all since the hole began is lost', async () => {
  const both = (minute: number, n: number) =>
    header(minute, { sources: [spanOf(source, n, n, 0), spanOf('journal:system', n, n, 0)] })
  const before = [0, 1].map((minute) => ({ ...named(minute, 0, 0), seq: minute + 1 }))
  const behind = [60, 61].map((minute) => ({ ...both(minute, 0), seq: minute }))

  const later = (await coverage([...before, ...behind])).filter(({ id }) => id !== source)

  expect(later.map(text)).toEqual(['lost 12:01-13:00 null', 'covered 13:00-13:01 0'])
  expect(later[0]?.why).toBe('Batches 3 to 59 of this host are not held: they were no longer in its spool.')
})

test('that the first batches are not held is said of every source, also where the first held one names none', async () => {
  const batches = [header(0, { seq: 8 }), { ...named(1, 0, 5), seq: 9 }, { ...named(2, 5, 9), seq: 10 }]

  const spans = await coverage(batches)

  expect(spans.map(text)).toEqual(['lost 12:00-12:01 null', 'covered 12:01-12:02 9'])
  expect(spans[0]?.why).toBe(neverHeld(8))
  expect(cutTo(spans, { fromMs: Date.parse(at(-60)), nowMs: Date.parse(at(2)) }).map(text)).toEqual([
    'lost 11:00-12:00 null',
    ...spans.map(text),
  ])
})

test('a snapshot is not covered while its agent was not there, however short that was; a log that goes on is', async () => {
  const process = (minute: number) =>
    header(minute, {
      sources: [passOf('process', minute), spanOf(source, 10 * minute, 10 * minute + 10, 10)],
    })
  const told = startedAt(2.75, { ended: 'killed', at: at(1.25) }, 'The run before was killed.')

  const spans = await coverage([0, 1, 2, 3, 4].map(process), { snapshots: ['process'], told: [told] })

  const of = (id: string) => spans.filter((span) => span.id === id).map((span) => [text(span), span.why])
  expect(of('process')).toEqual([
    ['covered 12:00-12:01 0', undefined],
    ['not-reachable 12:01-12:02 null', 'The run before was killed.'],
    ['covered 12:02-12:04 0', undefined],
  ])
  expect(spans.find(({ state }) => state === 'not-reachable')).toMatchObject({ from: at(1.25), to: at(2.75) })
  expect(of(source)).toEqual([['covered 12:00-12:04 50', undefined]])
})

test('a restart within two passes of the quickest snapshot is no pause', async () => {
  const told = startedAt(1.3, { ended: 'stopped', at: at(1) }, 'It was stopped.')
  const headers = [0, 1, 2].map((minute) => header(minute, { sources: [passOf('process', minute)] }))

  expect((await coverage(headers, { snapshots: ['process'], told: [told] })).map(text)).toEqual([
    'covered 12:00-12:02 0',
  ])
})

const right = (to: string) => ({ clockOffset: { ms: 0, measuredAt: to } })

test('a batch that is dated to a time to come covers nothing beyond when it was received, and hides neither what follows nor a silence', async () => {
  const ahead = (minute: number, n: number) => ({ ...named(minute, n, n + 1), from: at(year), to: at(year + minute) })
  const later = named(61, 3, 3, 0)

  const live = [ahead(0, 0), { ...named(1, 1, 2), ...right(at(1)) }, named(2, 2, 3), { ...later, ...right(at(61)) }]
  expect(await coverage(live, { receivedAt: [0, 1, 2, 61] })).toMatchObject([
    { state: 'covered', from: at(0), to: at(2), records: 3, why: saysAhead(at(year), at(0)) },
    { state: 'not-reachable', from: at(2), to: at(61) },
    { state: 'covered', from: at(61), to: at(61) },
  ])
  // Its clock was put right before the console had any of it.
  const kept = [ahead(0, 0), named(1, 1, 2), named(2, 2, 3), later]
  expect(await coverage(kept, { receivedAt: [90, 90, 90, 90] })).toMatchObject([
    { state: 'covered', from: at(1), to: at(2), records: 2 },
    { state: 'not-reachable', from: at(2), to: at(61) },
    { state: 'covered', from: at(61), to: at(61) },
    { state: 'not-reachable', from: at(61), to: at(90) },
    { state: 'covered', from: at(90), to: at(90), records: 1, why: saysAhead(at(year), at(90)) },
  ])
})

test('neither what a host says it lost nor when it says it was away lies in a time to come', async () => {
  const loss: Loss = { source, count: 7, cause: 'rate limit', from: at(1), to: at(year) }
  const headers = [named(0, 0, 10), { ...named(1, 10, 20), lost: [loss] }, named(2, 20, 30)]
  expect((await coverage(headers, { receivedAt: [0, 1, 2] })).map(text)).toEqual([
    'covered 12:00-12:01 30',
    'lost 12:01-12:01 7',
    'covered 12:01-12:02 0',
  ])

  const told = startedAt(year, { ended: 'killed', at: at(1) }, 'The run before was killed.')
  const passes = [0, 1, 2, 3].map((minute) => header(minute, { sources: [passOf('process', minute)] }))
  const spans = await coverage(passes, { snapshots: ['process'], told: [told], receivedAt: [0, 1, 2, 3, 2] })
  expect(spans.map(text)).toEqual(['covered 12:00-12:01 0', 'not-reachable 12:01-12:02 null', 'covered 12:02-12:03 0'])
})

test('times are by the clock of the console, and an absurd clock stays within the years there are', async () => {
  const shifted = { clockOffset: { ms: 60_000, measuredAt: at(0) } }
  expect(await covered([{ ...named(1, 0, 10), ...shifted }])).toEqual(['covered 12:00-12:00 10'])

  const absurd = { clockOffset: { ms: 1e300, measuredAt: at(0) } }
  expect(await covered([{ ...named(1, 0, 10), ...absurd }])).toEqual(['covered 00:00-00:00 10'])
})

test('the second branch of a fork belongs to the host, and neither branch covers the other', async () => {
  const spans = await coverage([named(0, 0, 10), named(1, 10, 20)], { second: [named(60, 20, 30), named(61, 30, 35)] })

  expect(spans.map(text)).toEqual(['covered 12:00-12:01 20', 'covered 13:00-13:01 15'])
  expect(spans.map(({ id, why }) => [id, why])).toEqual([
    [source, undefined],
    [source, 'On the second branch of its chain, abcdef01.'],
  ])
})

const source = 'log-file:/var/log/auth.log'
/** Minutes to the end of the day, and for a year. */
const endOfDay = 12 * 60
const year = 365 * 24 * 60

function saysAhead(says: string, receivedAt: string): string {
  return `The clock of the host was ahead: it says ${says} of what the console received at ${receivedAt}.`
}

/** From a minute until before another one. */
function minutes(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

function said(minute: number, state: string, whole = false, id = source): Event {
  const agent = { whole, sources: [{ id, state, why: 'No such file.' }] }
  const about = { event: { dataset: 'agent', action: 'sources' }, '@timestamp': at(minute), message: '' }
  return { ...about, tidewaiter: { record: `desk/${minute}/0`, agent } }
}

function startedAt(minute: number, before: { ended: string; at: string }, message: string): Event {
  const about = { event: { dataset: 'agent', action: 'started' }, '@timestamp': at(minute), message }
  return { ...about, tidewaiter: { record: `desk/${minute}/0`, agent: { before } } }
}

function at(minute: number): string {
  return new Date(Date.parse('2026-11-24T12:00:00Z') + minute * 60_000).toISOString()
}

function header(minute: number, rest: Partial<Header>): Header {
  // What coverage does not look at.
  return { from: at(minute), to: at(minute), clockOffset: null, sources: [], lost: [], ...rest } as unknown as Header
}

function named(minute: number, first: number, next: number, count = next - first): Header {
  return header(minute, { sources: [spanOf(source, first, next, count)] })
}

function fileAt(offset: number, other: { ino?: string; headSha256?: string } = {}) {
  return { offset, file: { dev: '1', ino: '2', headSha256: 'ab'.repeat(32), ...other } }
}

function passOf(id: string, n: number): SourceSpan {
  return { id, first: { number: n }, next: { number: n + 1 }, count: 0 }
}

function spanOf(id: string, first: number, next: number, count: number): SourceSpan {
  return { id, first: fileAt(first), next: fileAt(next), count }
}

interface Around {
  snapshots?: readonly string[]
  /** On the second branch of a fork. */
  second?: readonly Header[]
  told?: readonly Event[]
  /** Minute in which each batch was received, and then what is told; all of it at the end of the day when left out. */
  receivedAt?: readonly number[]
}

/** Written by the writer's own code in transactions of three batches, closed, and then read as the console reads. */
async function coverage(
  headers: readonly Header[],
  { snapshots = [], second = [], told = [], receivedAt = [] }: Around = {},
): Promise<CoverageSpan[]> {
  const dir = newFolder()
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const db = openForWriting(files.events(dir), embeddedSchema.events, 1)
  const numbers = openNumbers(db, 'host')
  const spans = openSpans(db, numbers)
  const all = [
    ...headers.map((header) => ({ branch: null, header })),
    // Each batch of a branch is named by its own hash, and names the one before.
    ...second.map((header, i) => ({ branch: `abcdef0${i + 1}`, header: { ...header, prev: `abcdef0${i}` } })),
  ].map(({ branch, header }, i) => ({ branch, header: { ...header, seq: header.seq ?? i + 1 } }))
  const receivedAtMs = (i: number) => Date.parse(at(receivedAt[i] ?? receivedAt.at(-1) ?? endOfDay))
  for (let i = 0; i < all.length; i += 3) {
    for (const [k, { branch, header }] of all.slice(i, i + 3).entries()) {
      const beside = { receivedAtMs: receivedAtMs(i + k), snapshots: new Set(snapshots), isBranch: branch !== null }
      const chain = numbers.chain({ host: 'desk', branch, headerHash: branch ?? '' }, header)
      spans.add(chain, header, beside)
    }
    spans.save()
  }
  const absences = openAbsences(db)
  const ill = openIllSources(db, numbers)
  for (const event of told) {
    const clock = { offsetMs: 0, receivedAtMs: receivedAtMs(all.length) }
    absences.add(numbers.host('desk'), event, clock)
    ill.add(numbers.host('desk'), event, clock)
  }
  db.close()
  const handles = openHandles(dir)
  const { spans: found } = await evidenceOf(handles, 'desk')
  await handles.closeAll()
  return found
}

async function covered(headers: readonly Header[], around: Around = {}): Promise<string[]> {
  return (await coverage(headers, around)).map(text)
}

function text({ state, from, to, records, lost }: CoverageSpan): string {
  return `${state} ${from.slice(11, 16)}-${to.slice(11, 16)} ${state === 'covered' ? records : lost}`
}
