import { expect, test } from 'vitest'
import { boundsOf, parseRange, rangeText } from './range.ts'

test('a span is typed as two instants, the second day left out', () => {
  expect(parseRange('2026-11-22 09:00Z .. 11:30Z')).toEqual({
    from: '2026-11-22T09:00:00.000Z',
    to: '2026-11-22T11:30:00.000Z',
  })
})

test('an offset is read and turned into UTC', () => {
  expect(parseRange('2026-10-29 06:42-04:00')).toEqual({ from: '2026-10-29T10:42:00.000Z', to: '' })
})

test('a duration counts back from now', () => {
  expect(parseRange(' -2h ')).toEqual({ from: '-2h', to: '' })
  expect(boundsOf({ from: '-2h', to: '' }, 7_200_000)).toEqual({ from: 0, to: 7_200_000 })
})

test('a span without a zone, or that ends before it starts, is not understood', () => {
  for (const text of ['2026-11-22 09:00', '2026-11-22 09:00Z .. 08:00Z', 'yesterday', '2026-13-01 00:00Z', ''])
    expect(parseRange(text)).toBeUndefined()
})

test('a span is said in the zone of the reader', () => {
  const range = { from: '2026-10-28T03:00:00.000Z', to: '2026-10-28T05:00:00.000Z' }

  expect(rangeText(range, 'UTC')).toBe('2026-10-28 03:00Z to 05:00Z')
  expect(rangeText(range, 'America/New_York')).toBe('2026-10-27 23:00-04:00 to 2026-10-28 01:00-04:00')
  expect(rangeText({ from: '-24h', to: '' }, 'UTC')).toBe('Last 24 hours')
})
