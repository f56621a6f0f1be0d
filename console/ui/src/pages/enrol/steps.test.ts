import type { Attempt } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { hasStopped, isComplete, stepsOf } from './steps.ts'

const attempt: Attempt = {
  at: '2026-10-29T11:52:04.000Z',
  tokenId: '0123456789abcdef',
  name: 'HCB-WS13',
  address: '192.0.2.113',
  step: 'first-batch',
  code: null,
  says: null,
  host: 'a'.repeat(32),
}

test('an attempt whose first batch is held is complete', () => {
  expect(stepsOf(attempt)).toEqual(['done', 'done', 'done', 'done'])
  expect(isComplete(attempt)).toBe(true)
})

test('an attempt with a key waits for its first batch, and is neither complete nor stopped', () => {
  const waiting: Attempt = { ...attempt, step: 'key' }

  expect(stepsOf(waiting)).toEqual(['done', 'done', 'done', 'waits'])
  expect([isComplete(waiting), hasStopped(waiting)]).toEqual([false, false])
})

test('a refused attempt stopped at the step it names, and came no further', () => {
  expect(stepsOf({ ...attempt, step: 'token', code: 'token-refused', host: null })).toEqual([
    'done',
    'stopped',
    'not-reached',
    'not-reached',
  ])
  expect(stepsOf({ ...attempt, step: 'reached', code: 'input-malformed', host: null })[0]).toBe('stopped')
})
