import { describe, expect, test } from 'vitest'
import { agoText, durationText, formatTime, instantOf, offsetMinutes, skewText, weekday } from './time.ts'

const newYork = 'America/New_York'

describe('a time on a screen', () => {
  test('ends in Z in UTC and shows milliseconds only where there are any', () => {
    expect(formatTime('2026-10-28T03:09:44.120Z', { zone: 'UTC' })).toBe('2026-10-28 03:09:44.120Z')
    expect(formatTime('2026-10-28T03:09:44.000Z', { zone: 'UTC' })).toBe('2026-10-28 03:09:44Z')
  })

  test('ends in the offset that the zone has at that instant', () => {
    expect(formatTime('2026-11-01T05:30:00.000Z', { zone: newYork })).toBe('2026-11-01 01:30:00-04:00')
    expect(formatTime('2026-11-01T06:30:00.000Z', { zone: newYork })).toBe('2026-11-01 01:30:00-05:00')
  })

  test('midnight is 00 and not 24', () => {
    expect(formatTime('2026-10-28T00:00:00.000Z', { zone: 'UTC', precision: 'minute' })).toBe('2026-10-28 00:00Z')
  })

  test('can leave out year or seconds', () => {
    expect(formatTime('2026-10-28T04:12:38.000Z', { zone: 'UTC', precision: 'minute', date: 'short' })).toBe(
      '10-28 04:12Z',
    )
  })

  test('a text that is no time stays as it is', () => {
    expect(formatTime('yesterday', { zone: 'UTC' })).toBe('yesterday')
  })

  test('a half-hour zone has its half hour', () => {
    expect(formatTime('2026-10-28T00:00:00.000Z', { zone: 'Asia/Kolkata' })).toBe('2026-10-28 05:30:00+05:30')
    expect(offsetMinutes('Asia/Kolkata', Date.parse('2026-10-28T00:00:00Z'))).toBe(330)
  })

  test('the day of the week is that of the zone', () => {
    expect(weekday('2026-11-01T02:00:00.000Z', 'UTC')).toBe('Sun')
    expect(weekday('2026-11-01T02:00:00.000Z', newYork)).toBe('Sat')
  })
})

describe('time in words', () => {
  test('hours are counted on, never turned into days', () => {
    expect(durationText((67 * 60 + 2) * 60_000)).toBe('67 h 02 min')
    expect(durationText(23 * 60_000)).toBe('23 min')
    expect(durationText(8_900)).toBe('8 s')
  })

  test('a time to come is said as such', () => {
    expect(agoText('2026-10-28T00:00:10.000Z', Date.parse('2026-10-28T00:00:00Z'))).toBe('in 10 s')
  })

  test('a clock is slow or fast', () => {
    expect(skewText(-700_000)).toBe('11 min 40 s slow')
    expect(skewText(400)).toBe('0.4 s fast')
    expect(skewText(-30)).toBe('exact to 0.1 s')
  })
})

describe('a wall time that a person typed', () => {
  test('becomes the instant of its zone on both sides of the change of clocks', () => {
    expect(instantOf({ year: 2026, month: 10, day: 31, hour: 6, minute: 42 }, newYork)).toBe('2026-10-31T10:42:00.000Z')
    expect(instantOf({ year: 2026, month: 11, day: 1, hour: 5, minute: 42 }, newYork)).toBe('2026-11-01T10:42:00.000Z')
  })

  test('is refused where the day or the hour does not exist', () => {
    expect(instantOf({ year: 2026, month: 2, day: 30, hour: 1, minute: 0 }, 'UTC')).toBeUndefined()
    expect(instantOf({ year: 2026, month: 3, day: 8, hour: 2, minute: 30 }, newYork)).toBeUndefined()
  })
})
