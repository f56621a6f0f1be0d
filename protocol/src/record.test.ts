import fc from 'fast-check'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { historyOf, isHistory, Time } from './record.ts'

const runs = { seed: 3339 }

test('a time is what every date is written as, and every time is a date', () => {
  fc.assert(
    fc.property(
      fc.date({
        min: new Date('0000-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59.999Z'),
        noInvalidDate: true,
      }),
      (date) => {
        expect(Value.Check(Time, date.toISOString())).toBe(true)
      },
    ),
    runs,
  )
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9]{4}-[0-3][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]\.[0-9]{3}Z$/),
      (text) => {
        if (Value.Check(Time, text)) expect(Date.parse(text)).not.toBeNaN()
      },
    ),
    { ...runs, numRuns: 1000 },
  )
})

test('a history is told by its id, and is that of the source it is named after', () => {
  expect(historyOf('log-file:/var/log/auth.log')).toBe('log-file:history:/var/log/auth.log')
  expect(historyOf('login:wtmp')).toBe('login:history:wtmp')
  expect(isHistory('log-file:history:/var/log/auth.log')).toBe(true)
  for (const id of ['log-file:/var/log/auth.log', 'log-file:/srv/a:history:b', 'process', 'history:x'])
    expect(isHistory(id)).toBe(false)
})
