import { expect, test } from 'vitest'
import { readTimes, typedTimes } from './times.ts'

const zones = ['UTC', 'America/New_York']

test('one moment and a span come back as they were entered', () => {
  for (const value of ['2026-10-29T10:42Z', '2026-10-26T09:12-04:00/2026-10-29T10:55Z'])
    expect(readTimes(typedTimes(value, zones))).toEqual({ kind: 'value', value })
})

test('nothing typed is empty, not wrong', () => {
  expect(readTimes(typedTimes('', zones))).toEqual({ kind: 'empty' })
})

test('an end without its beginning is named at the beginning', () => {
  const [empty, end] = typedTimes('/2026-10-29T10:55Z', zones)

  expect(readTimes([empty, end])).toMatchObject({ kind: 'problem', at: 0, part: 'month' })
})

test('a wrong part is named with the one of the two it stands in', () => {
  const [from, to] = typedTimes('2026-10-26T13:12Z/2026-10-29T10:55Z', zones)

  expect(readTimes([from, { ...to, day: '32' }])).toMatchObject({ kind: 'problem', at: 1, part: 'day' })
})
