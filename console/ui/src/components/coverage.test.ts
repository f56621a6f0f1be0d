import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { barsOf, boundsOfSpans, bySource, stripText } from './coverage.ts'

const day = '2026-10-28'

test('spans of one source become one row with its sums', () => {
  const rows = bySource([
    span('a', 'covered', 0, 6, 100),
    span('b', 'not-enabled', 0, 6),
    span('a', 'lost', 6, 7, 0, 12),
  ])

  expect(rows.map(({ id, records, lost }) => ({ id, records, lost }))).toEqual([
    { id: 'a', records: 100, lost: 12 },
    { id: 'b', records: 0, lost: 0 },
  ])
})

test('a loss that cannot be counted is not counted as none', () => {
  expect(bySource([span('a', 'lost', 0, 1, 0, null)])[0]?.lost).toBeNull()
})

test('a loss of one second in a day is still seen on the strip', () => {
  const [bar] = barsOf([{ ...span('a', 'lost', 0, 1), to: `${day}T00:00:01.000Z` }], bounds(0, 24))

  expect(bar?.width).toBe(0.5)
})

test('bars are cut to the strip', () => {
  expect(barsOf([span('a', 'covered', 0, 12)], bounds(6, 18))).toEqual([{ state: 'covered', x: 0, width: 50 }])
  expect(barsOf([span('a', 'covered', 0, 2)], bounds(6, 18))).toEqual([])
})

test('the strip is said in words with the zone', () => {
  expect(stripText([span('a', 'covered', 0, 6), span('a', 'not-reachable', 6, 7)], 'UTC')).toBe(
    'Covered 10-28 00:00Z to 10-28 06:00Z, not reachable 10-28 06:00Z to 10-28 07:00Z',
  )
})

test('without spans there are no bounds', () => {
  expect(boundsOfSpans([])).toBeUndefined()
})

function at(hour: number): string {
  return `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`
}

function bounds(from: number, to: number) {
  return { from: Date.parse(at(from)), to: Date.parse(at(to)) }
}

function span(
  id: string,
  state: CoverageSpan['state'],
  from: number,
  to: number,
  records = 0,
  lost: number | null = state === 'lost' ? 0 : null,
): CoverageSpan {
  return { id, state, from: at(from), to: at(to), records, lost }
}
