import { expect, test } from 'vitest'
import { nothingFoundAnywhere, nothingFoundOn } from './nothing-found.ts'

const signIns = { title: 'Login red flags', sees: ['a'], blind: ['b'] }
const traffic = { title: 'Unusual traffic', sees: [], blind: ['a', 'b'] }

test('a host on which every detector is blind was not looked at, on its own page and on that of findings', () => {
  expect(nothingFoundOn('b', [signIns, traffic]).kind).toBe('not-looked')
  expect(nothingFoundAnywhere([traffic]).kind).toBe('not-looked')
})

test('none found is said with what looked and what is blind', () => {
  expect(nothingFoundOn('a', [signIns, traffic])).toMatchObject({
    kind: 'good-news',
    says: 'Looked at: Login red flags. Blind here: Unusual traffic.',
  })
  expect(nothingFoundAnywhere([signIns, traffic]).says).toBe(
    '2 detectors looked on 1 host; at least one is blind on 2 hosts.',
  )
})

test('without a host nothing is blind: it has not begun', () => {
  expect(nothingFoundAnywhere([{ title: 'Login red flags', sees: [], blind: [] }])).toMatchObject({
    kind: 'nothing-yet',
    says: '1 detector waits: no host sends anything yet.',
  })
})

test('a detector that knows nothing of a host has not looked at it', () => {
  expect(nothingFoundOn('c', [signIns]).kind).toBe('not-looked')
  expect(nothingFoundOn('c', []).kind).toBe('not-looked')
})
