import { describe, expect, test } from 'vitest'
import { emptyTime, readTyped, typedFromMs, typedFromPaste, typedFromValue } from './date-time.ts'

const newYork = 'America/New_York'
const typed = (month: string, day: string, year: string, time: string, zone = 'UTC') => ({
  month,
  day,
  year,
  time,
  zone,
})

test('a time keeps the zone it was entered in', () => {
  expect(readTyped(typed('10', '29', '2026', '10:42'))).toEqual({ kind: 'instant', value: '2026-10-29T10:42Z' })
  expect(readTyped(typed('10', '29', '2026', '06:42', newYork))).toEqual({
    kind: 'instant',
    value: '2026-10-29T06:42-04:00',
  })
})

test('nothing typed is empty, not wrong', () => {
  expect(readTyped(emptyTime('UTC'))).toEqual({ kind: 'empty' })
})

describe('what cannot be is named with the part to fix', () => {
  test.each([
    [typed('13', '29', '2026', '10:42'), 'month'],
    [typed('10', '', '2026', '10:42'), 'day'],
    [typed('02', '30', '2026', '10:42'), 'day'],
    [typed('10', '29', '26', '10:42'), 'year'],
    [typed('10', '29', '2026', '24:00'), 'time'],
    [typed('10', '29', '2026', ''), 'time'],
    // 02:30 does not exist in New York on the night the clocks go forward.
    [typed('03', '08', '2026', '02:30', newYork), 'time'],
  ])('%j', (parts, part) => {
    expect(readTyped(parts)).toMatchObject({ kind: 'problem', part })
  })
})

test('a stored time comes back in the zone it was entered in', () => {
  expect(typedFromValue('2026-10-29T06:42-04:00', ['UTC', newYork])).toEqual(
    typed('10', '29', '2026', '06:42', newYork),
  )
  expect(typedFromValue('2026-10-29T06:42+09:00', ['UTC', newYork])).toEqual(typed('10', '28', '2026', '21:42'))
  expect(typedFromValue('', ['UTC'])).toEqual(emptyTime('UTC'))
})

test('a whole time that is pasted fills all parts, other text does not', () => {
  const whole = typed('10', '29', '2026', '10:42')

  for (const text of ['2026-10-29T10:42Z', ' 2026-10-29 10:42:05Z ', '2026-10-29 10:42 UTC'])
    expect(typedFromPaste(text, ['UTC'])).toEqual(whole)
  expect(typedFromPaste('29', ['UTC'])).toBeUndefined()
  expect(typedFromPaste('2026-10-29', ['UTC'])).toBeUndefined()
})

test('now is typed in the zone that is chosen', () => {
  expect(typedFromMs(Date.parse('2026-10-29T10:42:59Z'), newYork)).toEqual(typed('10', '29', '2026', '06:42', newYork))
})
