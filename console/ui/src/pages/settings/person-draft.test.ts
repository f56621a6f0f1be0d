import { expect, test } from 'vitest'
import { emptyDraft, problemsOf } from './person-draft.ts'

test('a person is added with a name, an e-mail address and a password that is long enough', () => {
  const draft = { ...emptyDraft, name: 'An Analyst', email: ' an.analyst@broker.example ', password: 'harbour-tide7' }

  expect(problemsOf(draft)).toEqual([])
})

test('each field that is not right is named with how to fix it', () => {
  expect(problemsOf(emptyDraft).map(({ id }) => id)).toEqual(['person-name', 'person-email', 'person-password'])
})
