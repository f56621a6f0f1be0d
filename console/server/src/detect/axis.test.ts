import { expect, test } from 'vitest'
import type { Event } from '../decode/decoder.ts'
import { openAxis } from './axis.ts'

const hour = 3_600_000

function written(raw: string, timestamp?: string): Event {
  return {
    ...(timestamp !== undefined && { '@timestamp': timestamp }),
    event: { dataset: 'sshd' },
    tidewaiter: { record: 'a:0', time: { raw } },
  }
}

function standsOf(...raws: string[]): number[] {
  const axis = openAxis()
  return raws.map((raw) => axis(written(raw))?.ms ?? Number.NaN)
}

test('a full instant is taken as it is', () => {
  const stand = openAxis()(written('Oct 28 03:05:22', '2026-10-28T07:05:22Z'))

  expect(stand).toEqual({ ms: Date.parse('2026-10-28T07:05:22Z') })
})

test('a time without a year keeps its text and its distance from the others', () => {
  const [first = 0, second = 0] = standsOf('Feb 28 23:30:00', 'Feb 29 00:30:00')

  expect(second - first).toBe(hour)
  expect(openAxis()(written('Feb 28 23:30:00'))?.raw).toBe('Feb 28 23:30:00')
})

test('a step back of more than a day is the next year, a smaller one is none', () => {
  const [december = 0, january = 0, back = 0] = standsOf('Dec 31 23:59:00', 'Jan  1 00:01:00', 'Dec 31 23:59:30')
  expect(january - december).toBe(120_000)
  expect(back).toBeGreaterThan(january)

  const [later = 0, earlier = 0] = standsOf('Oct 28 12:00:00', 'Oct 27 13:00:00')
  expect(later - earlier).toBe(23 * hour)
})

test('years go by as often as the log says', () => {
  const stands = standsOf('Nov 1 00:00:00', 'Mar 1 00:00:00', 'Nov 1 00:00:00', 'Mar 1 00:00:00')

  expect(stands).toEqual(stands.toSorted((a, b) => a - b))
  expect((stands[2] ?? 0) - (stands[0] ?? 0)).toBe(366 * 24 * hour)
})

test('an event that says no time has no place', () => {
  expect(openAxis()({ event: { dataset: 'text' }, tidewaiter: { record: 'a:0' } })).toBeUndefined()
  expect(openAxis()(written('yesterday'))).toBeUndefined()
})
