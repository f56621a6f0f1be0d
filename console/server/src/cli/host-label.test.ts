import { expect, test } from 'vitest'
import { hostLabels } from './host-label.ts'

test('hosts of one name are told apart by the beginning of their id, others by their name alone', () => {
  const [first, second, third] = ['a1', 'b2', 'c3'].map((start) => start.repeat(16)) as [string, string, string]
  const label = hostLabels([
    { id: first, name: 'desk-1' },
    { id: second, name: 'desk-1' },
    { id: third, name: 'lap-1' },
  ])

  expect([first, second, third, 'unknown'].map(label)).toEqual([
    'desk-1 (a1a1a1a1)',
    'desk-1 (b2b2b2b2)',
    'lap-1',
    'unknown',
  ])
})
