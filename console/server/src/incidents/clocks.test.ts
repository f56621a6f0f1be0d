import { expect, test } from 'vitest'
import { businessDaysAfter } from './business-days.ts'
import { clocksOf, type Instants } from './clocks.ts'

const discoveredMs = Date.parse('2026-10-29T10:42:00Z')
const office = 'America/New_York'

test('72 hours run through a weekend and the end of daylight saving time', () => {
  const [notice] = clocks({ discoveredMs }, '2026-10-29T15:40:00Z')

  expect(notice).toMatchObject({
    dueAt: '2026-11-01T10:42:00.000Z',
    says: '67 h 02 min left',
    stoppedAt: null,
    counted: null,
  })
})

test('ten business days after Friday 2026-10-30 end on Monday 2026-11-16, because Veterans Day is skipped', () => {
  const { days, endMs } = businessDaysAfter(Date.parse('2026-10-30T14:00:00Z'), { count: 10, zone: 'UTC' })

  expect(days.at(-1)).toBe('2026-11-16')
  expect(new Date(endMs).toISOString()).toBe('2026-11-16T23:59:59.999Z')
})

test('business days are those of the office: a notice of Thursday evening counts from Friday, whatever day it is in UTC', () => {
  const [, list] = clocks({ discoveredMs, noticeSentMs: Date.parse('2026-10-29T21:00-04:00') }, '2026-10-30T02:00:00Z')

  expect(list).toMatchObject({
    startedAt: '2026-10-30T01:00:00.000Z',
    // The end of Friday 13 November by the clocks of winter.
    dueAt: '2026-11-14T04:59:59.999Z',
    counted: {
      zone: office,
      days: [
        '2026-10-30',
        '2026-11-02',
        '2026-11-03',
        '2026-11-04',
        '2026-11-05',
        '2026-11-06',
        '2026-11-09',
        '2026-11-10',
        '2026-11-12',
        '2026-11-13',
      ],
    },
  })
})

test('days east of UTC and of a zone that nobody knows are counted too', () => {
  const evening = Date.parse('2026-10-29T20:00:00Z')

  expect(businessDaysAfter(evening, { count: 1, zone: 'Asia/Manila' }).days).toEqual(['2026-11-02'])
  expect(businessDaysAfter(evening, { count: 1, zone: 'Nowhere/At-All' })).toMatchObject({
    zone: 'UTC',
    days: ['2026-10-30'],
  })
})

test.each([
  ['2026-12-24T12:00:00Z', 1, '2026-12-28', 'Christmas Day on a Friday'],
  ['2027-07-02T12:00:00Z', 1, '2027-07-06', 'Independence Day on a Sunday is observed on Monday'],
  ['2027-12-30T12:00:00Z', 1, '2028-01-03', 'New Year on a Saturday is observed on 31 December'],
  ['2026-05-22T12:00:00Z', 1, '2026-05-26', 'Memorial Day'],
  ['2026-11-25T12:00:00Z', 1, '2026-11-27', 'Thanksgiving'],
  ['2027-01-15T12:00:00Z', 1, '2027-01-19', 'Birthday of Martin Luther King, Jr.'],
])('from %s, business day %i is %s: %s', (from, count, day) => {
  expect(businessDaysAfter(Date.parse(from), { count, zone: office }).days).toEqual([day])
})

test('a notice stops the first clock and starts the second; a missed one is said in words and can still be sent', () => {
  const noticeSentMs = Date.parse('2026-10-30T14:00:00Z')
  const later = '2026-11-02T10:43:00Z'

  expect(clocks({ discoveredMs, noticeSentMs }, later)[0]?.says).toBe('Sent with 44 h 42 min to spare')
  expect(clocks({ discoveredMs, noticeSentMs }, later)[1]?.startedAt).toBe('2026-10-30T14:00:00.000Z')
  expect(clocks({ discoveredMs }, later)[0]?.says).toBe('Missed by 24 h 01 min: it can still be sent')
  expect(clocks({}, later).map(({ says }) => says)).toEqual([
    'Starts when the breach of records is discovered',
    'Starts with the notice',
  ])
})

test('what went before the discovery is no notice of it: it stops no clock and starts none', () => {
  const noticeSentMs = Date.parse('2020-01-01T00:00:00Z')

  const [notice, list] = clocks({ discoveredMs, noticeSentMs }, '2026-10-29T15:40:00Z')

  expect(notice).toMatchObject({ stoppedAt: null, says: '67 h 02 min left' })
  expect(list).toMatchObject({ startedAt: null, dueAt: null })
})

test('a clock of days speaks of days until its last three, and the sent list or nil report stops it', () => {
  const noticeSentMs = Date.parse('2026-10-29T21:00-04:00')
  const list = (now: string, listSentMs?: string) =>
    clocks(
      { discoveredMs, noticeSentMs, ...(listSentMs !== undefined && { listSentMs: Date.parse(listSentMs) }) },
      now,
    )[1]

  expect(list('2026-10-30T04:00:00Z')?.says).toBe('15 days left')
  expect(list('2026-11-13T04:00:00Z')?.says).toBe('24 h 59 min left')
  expect(list('2026-12-01T05:00:00Z')?.says).toBe('Missed by 17 days: it can still be sent')
  expect(list('2026-12-01T05:00:00Z', '2026-11-09T12:00:00-05:00')).toMatchObject({
    stoppedAt: '2026-11-09T17:00:00.000Z',
    says: 'Sent with 4 days to spare',
  })
  expect(list('2026-12-01T05:00:00Z', '2026-11-20T12:00:00-05:00')?.says).toBe('Sent 6 days after the deadline')
})

test('a list that went before the notice is no update of it, and without a notice there is no clock to stop', () => {
  const listSentMs = Date.parse('2026-10-29T12:00:00Z')

  expect(clocks({ noticeSentMs: listSentMs + 1, listSentMs }, '2026-10-30T00:00:00Z')[1]?.stoppedAt).toBe(null)
  expect(clocks({ listSentMs }, '2026-10-30T00:00:00Z')[1]).toMatchObject({ stoppedAt: null, counted: null })
})

function clocks(instants: Instants, now: string) {
  return clocksOf(instants, { nowMs: Date.parse(now), zone: office })
}
