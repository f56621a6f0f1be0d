import { expect, test } from 'vitest'
import { codeOf, problemsOf } from './setup-draft.ts'

const good = {
  code: 'K7QF-2M9D',
  brokerName: 'Halyard Customs Brokers, Inc.',
  filerCode: 'ZZZ',
  name: 'T. Reyes',
  email: 't.reyes@halyard-customs.example',
  password: 'harbour tide lantern',
  zone: 'America/New_York',
}

test('what the console would take has nothing to fix, also without a filer code', () => {
  expect(problemsOf(good)).toEqual([])
  expect(problemsOf({ ...good, filerCode: '' })).toEqual([])
})

test('a code is taken in small letters, with spaces and without its dash', () => {
  for (const typed of ['k7qf-2m9d', ' K7QF 2M9D ', 'K7QF2M9D', 'k7qf\u20132m9d', 'K 7 Q F 2 M 9 D'])
    expect(codeOf(typed)).toBe('K7QF-2M9D')
  expect(codeOf(' K7QF-2M9 ')).toBe('K7QF-2M9')
})

test('each wrong field is named by its id, in the order of the form', () => {
  const wrong = { ...good, code: ' ', brokerName: '', filerCode: 'Z1', name: ' ', email: 'me', password: 'short' }

  expect(problemsOf(wrong).map(({ id }) => id)).toEqual([
    'code',
    'brokerName',
    'filerCode',
    'name',
    'email',
    'password',
  ])
})
