import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contextByHand, contextOf } from './context.ts'
import type { DecodeContext } from './decoder.ts'
import { fileHead } from './recorded.fixture.ts'
import { instant, timeline } from './time.ts'
import { readClassic, readIso } from './written.ts'

const newYork = { zone: { name: 'America/New_York', offsetMinutes: -300, basis: 'sealed with the batch' } }

test('a full instant is converted to UTC with its fraction as it was written, whatever the context says', () => {
  for (const context of [{}, inNewYork('2026-11-25T12:00:00Z')]) {
    expect(placed('2026-11-25T13:34:21.322084-05:00', context)).toEqual({ at: '2026-11-25T18:34:21.322084Z' })
    expect(placed('2026-11-25T13:34:21Z', context)).toEqual({ at: '2026-11-25T13:34:21Z' })
    expect(placed('2026-12-31T23:59:59.9-0100', context)).toEqual({ at: '2027-01-01T00:59:59.9Z' })
    expect(placed('2026-01-01T00:30:00+05:45', context)).toEqual({ at: '2025-12-31T18:45:00Z' })
    expect(placed('2024-02-29T23:30:00-01:00', context)).toEqual({ at: '2024-03-01T00:30:00Z' })
  }
})

test('without year and zone the text stands and no instant is made up', () => {
  expect(placed('Nov 25 13:34:21', {})).toEqual({ time: { raw: 'Nov 25 13:34:21' } })
  expect(placed('Nov 25 13:34:21', { year: 2026 })).toEqual({ time: { raw: 'Nov 25 13:34:21' } })
  expect(placed('Nov 25 13:34:21', contextByHand({ zone: 'UTC' }))).toEqual({ time: { raw: 'Nov 25 13:34:21' } })
  expect(placed('2026-11-25 13:34:21', {})).toEqual({ time: { raw: '2026-11-25 13:34:21' } })
})

test('year and zone given by hand complete a time and are named as its basis', () => {
  expect(placed('Nov 25 13:34:21', contextByHand({ year: 2020, zone: 'Europe/Berlin' }))).toEqual({
    at: '2020-11-25T12:34:21Z',
    time: { raw: 'Nov 25 13:34:21', basis: { year: 'given by hand', zone: 'Europe/Berlin, given by hand' } },
  })
  expect(placed('2026-07-01 00:00:00,250', contextByHand({ zone: '+02:00' }))).toEqual({
    at: '2026-06-30T22:00:00.250Z',
    time: { raw: '2026-07-01 00:00:00,250', basis: { zone: '+02:00, given by hand' } },
  })
})

test('years and zones that are none are refused', () => {
  const malformed = expect.objectContaining({ code: 'input-malformed' })

  for (const year of [0, 1969, 10_000, 2026.5, Number.NaN]) expect(() => contextByHand({ year })).toThrow(malformed)
  for (const zone of ['', 'Mars/Olympus', '+25:00', '05:00', '+5'])
    expect(() => contextByHand({ zone })).toThrow(malformed)
})

test('the year is the latest that does not lie more than a day after the time read', () => {
  const atNewYear = inNewYork('2027-01-01T00:30:00Z')

  expect(placed('Dec 31 23:59:59', atNewYear).at).toBe('2027-01-01T04:59:59Z')
  expect(placed('Jan  1 00:00:00', atNewYear).at).toBe('2027-01-01T05:00:00Z')
  expect(placed('Jan  1 19:29:59', atNewYear).at).toBe('2027-01-02T00:29:59Z')
  expect(placed('Jan  1 19:30:01', atNewYear).at).toBe('2026-01-02T00:30:01Z')
  expect(placed('Nov 25 10:00:00', atNewYear).at).toBe('2026-11-25T15:00:00Z')
})

test('a rotated file gives the year by when it was last changed', () => {
  const head = { ...fileHead, fileModifiedAt: '2024-03-02T06:25:00.000Z' }
  const context = contextOf({ zone: 'UTC', utcOffset: 0 }, head)

  expect(placed('Mar  1 12:00:00', context)).toEqual({
    at: '2024-03-01T12:00:00Z',
    time: {
      raw: 'Mar  1 12:00:00',
      basis: { year: 'from the time the file was last changed', zone: 'UTC, sealed with the batch' },
    },
  })
  expect(placed('Mar  4 12:00:00', context).at).toBe('2023-03-04T12:00:00Z')
})

test('February 29 belongs to the latest leap year, and to none that was given by hand and has it not', () => {
  expect(placed('Feb 29 12:00:00', inUtc('2027-11-25T12:00:00Z')).at).toBe('2024-02-29T12:00:00Z')
  expect(placed('Feb 29 12:00:00', inUtc('2104-02-28T11:59:59Z')).at).toBe('2096-02-29T12:00:00Z')
  expect(placed('Feb 29 12:00:00', contextByHand({ year: 2023, zone: 'UTC' }))).toEqual({
    time: { raw: 'Feb 29 12:00:00' },
  })
})

test('an hour that the clocks skipped is read with the offset before the change, and says so', () => {
  const { at, time } = placed('Mar  8 02:30:00', inNewYork('2026-03-09T12:00:00Z'))

  expect(at).toBe('2026-03-08T07:30:00Z')
  expect(time?.basis?.zone).toContain('did not occur')
  expect(placed('Mar  8 01:59:59', inNewYork('2026-03-09T12:00:00Z')).at).toBe('2026-03-08T06:59:59Z')
  expect(placed('Mar  8 03:00:00', inNewYork('2026-03-09T12:00:00Z')).at).toBe('2026-03-08T07:00:00Z')
})

test('of an hour that occurred twice the sealed offset decides, else the earlier instant is taken, and it says so', () => {
  const summer = inNewYork('2026-11-01T05:45:00Z', -240)
  const winter = inNewYork('2026-11-01T06:45:00Z', -300)
  const elsewhere = inNewYork('2026-11-25T12:00:00Z', 60)

  expect(placed('Nov  1 01:30:00', summer).at).toBe('2026-11-01T05:30:00Z')
  expect(placed('Nov  1 01:30:00', winter).at).toBe('2026-11-01T06:30:00Z')
  expect(placed('Nov  1 01:30:00', elsewhere).at).toBe('2026-11-01T05:30:00Z')
  expect(placed('Nov  1 01:30:00', winter).time?.basis?.zone).toContain('occurred twice')
  expect(placed('Nov  1 00:59:59', winter).at).toBe('2026-11-01T04:59:59Z')
  expect(placed('Nov  1 02:00:00', summer).at).toBe('2026-11-01T07:00:00Z')
})

test('a zone that is not known here falls back to the sealed offset and says so', () => {
  const context = contextOf({ zone: 'Sealed/Nowhere', utcOffset: 330 }, fileHead)

  expect(placed('Nov 25 13:34:21', context)).toMatchObject({
    at: '2026-11-25T08:04:21Z',
    time: { basis: { zone: '+05:30, sealed with the batch, its zone name is not known here' } },
  })
})

test('a leap second is the first second of the next minute', () => {
  expect(placed('2016-12-31T23:59:60Z', {}).at).toBe('2017-01-01T00:00:00Z')
  expect(placed('Dec 31 18:59:60', inNewYork('2017-01-01T12:00:00Z')).at).toBe('2017-01-01T00:00:00Z')
})

test('what no calendar and no clock has is no time', () => {
  for (const text of [
    'Foo 25 13:34:21',
    'Nov 31 13:34:21',
    'Feb 30 00:00:00',
    'Nov 25 24:00:00',
    'Nov 25 13:60:00',
    '',
  ])
    expect(readClassic(text, 0)).toBeUndefined()
  for (const text of [
    '2026-13-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '0026-01-01T00:00:00Z',
    '2026-11-25',
    '2026-11-25T1:00:00',
  ])
    expect(readIso(text, 0)).toBeUndefined()
  expect(readIso('2026-11-25T13:34:21+99:00', 0)).toBeUndefined()
})

test('instants beyond the years of RFC 3339 are none', () => {
  expect(instant(253_402_300_799, '')).toBe('9999-12-31T23:59:59Z')
  expect(instant(253_402_300_800, '')).toBeUndefined()
  expect(instant(-62_167_219_201, '')).toBeUndefined()
  expect(instant(Number.NaN, '')).toBeUndefined()
  expect(placed('9999-12-31T23:59:59-01:00', {})).toEqual({ time: { raw: '9999-12-31T23:59:59-01:00' } })
})

test('any written time is placed as the calendar of the runtime places it', () => {
  const ms = fc.integer({ min: Date.parse('1970-01-02T00:00:00Z'), max: Date.parse('2199-12-30T00:00:00Z') })
  const zones = fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia')
  fc.assert(
    fc.property(ms, zones, (time, zone) => {
      const whole = Math.floor(time / 1000) * 1000
      const offset = offsetAt(zone, whole)
      const local = new Date(whole + offset * 60_000).toISOString().slice(0, 19)
      const { at } = placed(local, contextOf({ zone, utcOffset: offset }, fileHead))

      expect(Date.parse(at ?? '')).toBe(whole)
    }),
  )
})

function placed(text: string, context: DecodeContext) {
  const reading = /^\d/.test(text) ? readIso(text, 0) : readClassic(text, 0)
  expect(reading?.end).toBe(text.length)
  return timeline(context)(text, reading?.written ?? expect.fail('no time'))
}

function inNewYork(latest: string, offsetMinutes = -300): DecodeContext {
  return { zone: { ...newYork.zone, offsetMinutes }, latest: { ms: Date.parse(latest), basis: 'from the time read' } }
}

function inUtc(latest: string): DecodeContext {
  return contextOf({ zone: 'UTC', utcOffset: 0 }, { ...fileHead, readAt: latest })
}

/** Minutes east, from the parts that Intl shows. */
function offsetAt(zone: string, utcMs: number): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  })
  const part = Object.fromEntries(format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part
  return (Date.UTC(year, month - 1, day, hour, minute, second) - utcMs) / 60_000
}
