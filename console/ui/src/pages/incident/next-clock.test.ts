import type { Clock } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { nextClock } from './next-clock.ts'

const due = '2026-11-01T10:42:00.000Z'
const waits = clock('importer-list', { dueAt: null, stoppedAt: null })

test('a clock that runs counts before one that waits', () => {
  expect(nextClock([waits, clock('notice', { dueAt: due, stoppedAt: null })])?.id).toBe('notice')
})

test('while none runs, what is waited for counts, not what was done', () => {
  expect(nextClock([clock('notice', { dueAt: due, stoppedAt: due }), waits])?.id).toBe('importer-list')
})

test('when all is done, the last one says so', () => {
  const done = [clock('notice', { dueAt: due, stoppedAt: due }), clock('importer-list', { dueAt: due, stoppedAt: due })]

  expect(nextClock(done)?.id).toBe('importer-list')
  expect(nextClock([])).toBeUndefined()
})

function clock(id: string, rest: Pick<Clock, 'dueAt' | 'stoppedAt'>): Clock {
  return { id, duty: id, authority: '19 CFR 111.21(b)', startedAt: null, counted: null, says: '', ...rest }
}
