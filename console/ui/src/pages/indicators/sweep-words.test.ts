import type { CoverageState, Sweep } from '@tidewaiter/protocol/api'
import { expect, test } from 'vitest'
import { completeText, gapsOf } from './sweep-words.ts'

const span = (state: CoverageState): Sweep['coverage'][number] => ({
  host: 'ab',
  source: 'login:btmp',
  state,
  from: '2026-11-24T12:00:00.000Z',
  to: '2026-11-24T12:10:00.000Z',
  records: 0,
  lost: null,
})

test('a complete sweep speaks of what is asked, since what is not asked stands below it', () => {
  const result = { complete: true, behind: 0, coverage: [span('covered'), span('not-asked')] }

  expect(completeText(result)).toBe('Every source that is asked was covered.')
  expect(gapsOf(result)).toEqual({ title: 'What was not asked for', gaps: [span('not-asked')] })
})

test('a sweep that is not complete says so, and what the index had not read', () => {
  const result = { complete: false, behind: 3, coverage: [span('not-asked'), span('not-reachable')] }

  expect(completeText(result)).toBe(
    'Not complete: see what could not be seen. The index had not read the last 3 batches.',
  )
  expect(gapsOf(result).title).toBe('What it could not see')
  expect(gapsOf({ ...result, coverage: [span('covered')] }).gaps).toEqual([])
})
