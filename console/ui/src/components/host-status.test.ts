import { expect, test } from 'vitest'
import { standingWord } from './host-status.tsx'

test('silences are told apart by their word', () => {
  const from = '2026-10-29T10:55:00.000Z'
  const wordOf = (cause: string) =>
    standingWord({ status: 'silent', silence: { cause, isExpected: false, from, says: '' } })

  expect(wordOf('host-stopping')).toBe('Silent: shut down')
  expect(wordOf('closed')).toBe('Silent: killed or cut off')
  expect(wordOf('a cause of a later console')).toBe('Silent: a cause of a later console')
})

test('a host that is not silent has its status alone', () => {
  expect(standingWord({ status: 'online' })).toBe('Online')
  expect(standingWord({ status: 'silent' })).toBe('Silent')
})
