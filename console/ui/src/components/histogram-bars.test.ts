import { expect, test } from 'vitest'
import { barsOfBuckets, chartText, ticksOf } from './histogram-bars.ts'

const hour = 3_600_000
const from = Date.parse('2026-10-28T03:00:00Z')
const bounds = { from, to: from + 4 * hour }
const histogram = {
  bucketMs: hour,
  buckets: [
    { at: '2026-10-28T02:30:00.000Z', count: 4 },
    { at: '2026-10-28T04:30:00.000Z', count: 4000 },
    { at: '2026-10-28T06:30:00.000Z', count: 1 },
  ],
  total: 4005,
  asOf: 1,
  coverage: { hosts: 1, covered: 1, says: '' },
}

test('bars are cut to the span that was asked', () => {
  const bars = barsOfBuckets(histogram, bounds)

  expect(bars.map(({ x, width }) => [Math.round(x), Math.round(width)])).toEqual([
    [1, 10],
    [40, 20],
    [89, 10],
  ])
})

test('one event beside thousands is still seen', () => {
  expect(barsOfBuckets(histogram, bounds).map(({ share }) => share)).toEqual([0.03, 1, 0.03])
})

test('the axis names both ends of the span', () => {
  expect(ticksOf(bounds).map(({ at }) => at.slice(11, 16))).toEqual(['03:00', '04:00', '05:00', '06:00', '07:00'])
})

test('the chart is said in words', () => {
  expect(chartText(histogram, 'UTC')).toBe('4,005 events, counted per 1 h 00 min; most, 4,000, from 2026-10-28 04:30Z')
  expect(chartText({ ...histogram, buckets: [] }, 'UTC')).toBe('No events in this span')
})
