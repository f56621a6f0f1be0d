import { expect, test } from 'vitest'
import { afterBusinessDays, clocksOf } from './clocks.ts'

const discoveredMs = Date.parse('2026-10-29T10:42:00Z')

test('72 hours run through a weekend and the end of daylight saving time', () => {
  const [notice] = clocksOf({ discoveredMs }, Date.parse('2026-10-29T15:40:00Z'))

  expect(notice).toMatchObject({ dueAt: '2026-11-01T10:42:00.000Z', says: '67 h 02 min left', stoppedAt: null })
})

test('ten business days after Friday 2026-10-30 end on Monday 2026-11-16, because Veterans Day is skipped', () => {
  const due = afterBusinessDays(Date.parse('2026-10-30T14:00:00Z'), 10)

  expect(new Date(due).toISOString()).toBe('2026-11-16T23:59:59.999Z')
})

test.each([
  ['2026-12-24T12:00:00Z', 1, '2026-12-28', 'Christmas Day on a Friday'],
  ['2027-07-02T12:00:00Z', 1, '2027-07-06', 'Independence Day on a Sunday is observed on Monday'],
  ['2027-12-30T12:00:00Z', 1, '2028-01-03', 'New Year on a Saturday is observed on 31 December'],
  ['2026-05-22T12:00:00Z', 1, '2026-05-26', 'Memorial Day'],
  ['2026-11-25T12:00:00Z', 1, '2026-11-27', 'Thanksgiving'],
  ['2027-01-15T12:00:00Z', 1, '2027-01-19', 'Birthday of Martin Luther King, Jr.'],
])('from %s, business day %i is %s: %s', (from, days, day) => {
  expect(new Date(afterBusinessDays(Date.parse(from), days)).toISOString().slice(0, 10)).toBe(day)
})

test('a notice stops the first clock and starts the second; a missed one is said in words and can still be sent', () => {
  const sentMs = Date.parse('2026-10-30T14:00:00Z')
  const later = Date.parse('2026-11-02T10:43:00Z')

  expect(clocksOf({ discoveredMs, noticeSentMs: sentMs }, later)[0]?.says).toBe('Sent with 44 h 42 min to spare')
  expect(clocksOf({ discoveredMs, noticeSentMs: sentMs }, later)[1]?.startedAt).toBe('2026-10-30T14:00:00.000Z')
  expect(clocksOf({ discoveredMs }, later)[0]?.says).toBe('Missed by 24 h 01 min: it can still be sent')
  expect(clocksOf({}, later).map(({ says }) => says)).toEqual([
    'Starts when the breach of records is discovered',
    'Starts with the notice',
  ])
})
