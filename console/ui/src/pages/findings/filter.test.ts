import type { Finding } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { findingsStart } from '../../links.ts'
import { byUrgency, countsOf, matches, mostHiding, toggled } from './filter.ts'

const all = [
  finding('a', { verdict: 'benign', severity: 'low', detector: 'login-red-flags' }),
  finding('b', { verdict: 'open', severity: 'high', lastAt: at(2) }),
  finding('c', { verdict: 'open', severity: 'critical', lastAt: at(1) }),
  finding('d', { verdict: 'confirmed', severity: 'critical', lastAt: at(3) }),
  finding('e', { verdict: 'open', severity: 'high', lastAt: at(4) }),
]

test('the queue begins with what is new, then the worst, then the latest', () => {
  expect(all.toSorted(byUrgency).map(({ id }) => id)).toEqual(['c', 'e', 'b', 'd', 'a'])
})

test('a group in which nothing is chosen does not filter', () => {
  const filters = { verdicts: ['none'], detectors: [], severities: [], host: '' }

  expect(all.every((one) => matches(one, filters))).toBe(true)
})

test('the count beside a value says what choosing it would show', () => {
  const counts = countsOf(all, { ...findingsStart, severities: ['critical'] })

  expect(counts.severities.get('high')).toBe(2)
  expect(counts.verdicts.get('open')).toBe(1)
  expect(counts.verdicts.get('benign')).toBeUndefined()
})

test('a box that is ticked twice is clear again', () => {
  expect(toggled(['open'], 'benign')).toEqual(['open', 'benign'])
  expect(toggled(['open', 'benign'], 'benign')).toEqual(['open'])
  expect(toggled(['none'], 'open')).toEqual(['open'])
})

test('the filter that hides most is named', () => {
  expect(mostHiding(all, { ...findingsStart, host: 'elsewhere' })).toEqual({ group: 'host', count: 4 })
  expect(mostHiding([], findingsStart)).toBeUndefined()
})

function at(hour: number): string {
  return `2026-10-28T0${hour}:00:00.000Z`
}

function finding(id: string, rest: Partial<Finding>): Finding {
  return {
    id,
    detector: 'unusual-traffic',
    host: { id: 'h', name: 'h' },
    severity: 'low',
    title: id,
    subject: { type: 'host', value: 'h' },
    firstAt: at(0),
    lastAt: at(0),
    count: 1,
    records: [],
    why: [],
    verdict: 'open',
    ...rest,
  }
}
