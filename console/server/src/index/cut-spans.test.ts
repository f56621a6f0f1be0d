import type { CoverageSpan } from '@tidewaiter/protocol/api'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutTo } from './cut-spans.ts'
import { neverHeld } from './never-held.ts'

const hour = (n: number) => Date.parse('2026-11-24T00:00:00.000Z') + n * 3_600_000
const span = (id: string, state: CoverageSpan['state'], from: number, to: number): CoverageSpan => ({
  id,
  state,
  from: new Date(hour(from)).toISOString(),
  to: new Date(hour(to)).toISOString(),
  records: 3,
  lost: null,
})
const nowMs = hour(12)
const text = ({ id, state, from, to }: CoverageSpan) => `${id} ${state} ${from.slice(11, 13)}-${to.slice(11, 13)}`

test('spans are cut at the ends of the time that is asked for, and others are left out', () => {
  const spans = [span('a', 'covered', 1, 5), span('a', 'lost', 5, 6), span('a', 'covered', 6, 12)]

  expect(cutTo(spans, { fromMs: hour(2), toMs: hour(6), nowMs }).map(text)).toEqual(['a covered 02-05', 'a lost 05-06'])
})

test('how many records a span has is not told of a part of it', () => {
  const spans = [span('a', 'covered', 1, 5), span('a', 'lost', 5, 6), span('a', 'covered', 6, 12)]

  const cut = cutTo(spans, { fromMs: hour(2), toMs: hour(12), nowMs })

  expect(cut.map(({ records }) => records)).toEqual([null, 3, 3])
})

test('where the first batches of the host are not held, what was before is lost, also of sources that came later', () => {
  const gap = { ...span('a', 'lost', 4, 4), why: neverHeld(8) }
  const spans = [gap, span('a', 'covered', 4, 12), span('b', 'covered', 6, 12)]

  const cut = cutTo(spans, { fromMs: hour(1), toMs: hour(12), nowMs })

  expect(cut.map(text)).toEqual(['a lost 01-04', 'b lost 01-06', 'a lost 04-04', 'a covered 04-12', 'b covered 06-12'])
  expect(cut[0]?.why).toBe(
    'Batches 1 to 7 of this host are not held: the console was rebuilt, and they were no longer in its spool.',
  )
})

test('before its first evidence a source was not asked, and what is to come is not covered', () => {
  expect(cutTo([span('a', 'covered', 4, 12)], { fromMs: hour(1), toMs: hour(20), nowMs }).map(text)).toEqual([
    'a not-asked 01-04',
    'a covered 04-12',
  ])
  expect(cutTo([span('a', 'covered', 8, 12)], { fromMs: hour(1), toMs: hour(3), nowMs }).map(text)).toEqual([
    'a not-asked 01-03',
  ])
})

test('a snapshot, and a source that never gave anything, hold nothing of the time before', () => {
  const spans = [
    span('process', 'covered', 4, 12),
    span('login:utmp', 'not-enabled', 4, 12),
    span('a:b', 'covered', 4, 12),
  ]

  const whys = cutTo(spans, { fromMs: hour(1), toMs: hour(3), nowMs }).map(({ id, why }) => [id, why?.slice(0, 11)])

  expect(whys).toEqual([
    ['a:b', 'It was firs'],
    ['login:utmp', 'This source'],
    ['process', 'This source'],
  ])
})

test('what the agent says of itself and what the index left out are no sources that could have been asked', () => {
  const spans = [span('agent:run', 'covered', 4, 12), span('index:batches', 'lost', 4, 5)]

  expect(cutTo(spans, { fromMs: hour(1), toMs: hour(3), nowMs })).toEqual([])
})

test('where more was read back than is looked at, a count is the least there is', () => {
  const readBack = { sources: new Map([['a', { records: 7, fromMs: hour(2) }]]), isWhole: false }

  const [past] = cutTo([span('a', 'covered', 4, 12)], { fromMs: hour(1), toMs: hour(3), nowMs, readBack })

  expect(past).toMatchObject({ state: 'not-asked', records: null })
  expect(past?.why).toContain('at least 7 of its events have a time in this span')
})

test('a moment at which something was lost is not cut away', () => {
  expect(cutTo([span('a', 'lost', 5, 5)], { fromMs: hour(4), toMs: hour(6), nowMs }).map(text)).toContain(
    'a lost 05-05',
  )
})

test('of sources without holes every time that lies behind us has an answer from its first to its last moment', () => {
  const whole = [span('a', 'covered', 3, 7), span('a', 'not-reachable', 7, 9), span('a', 'covered', 9, 12)]
  const asked = fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 1, max: 12 })).filter(([a, b]) => a < b)

  fc.assert(
    fc.property(asked, ([from, to]) => {
      const found = cutTo(whole, { fromMs: hour(from), toMs: hour(to), nowMs }).filter((each) => each.from < each.to)
      expect(found.at(0)?.from).toBe(new Date(hour(from)).toISOString())
      expect(found.at(-1)?.to).toBe(new Date(hour(to)).toISOString())
      for (const [i, each] of found.entries()) expect(found[i + 1]?.from ?? each.to).toBe(each.to)
    }),
  )
})
