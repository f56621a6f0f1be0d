import { expect, test } from 'vitest'
import { part, problemOf, queryOf } from './client.ts'

test('a refusal keeps its code, detail and hint', () => {
  const problem = { type: 'about:blank', title: 'T', status: 409, code: 'revision-stale', detail: 'D', hint: 'H' }

  expect(problemOf(409, JSON.stringify(problem))).toEqual(problem)
})

test('an answer of a proxy becomes a problem with its status', () => {
  expect(problemOf(502, '<html>Bad Gateway</html>').code).toBe('http-502')
  expect(problemOf(500, '"text"').code).toBe('http-500')
})

test('what is not set is not asked', () => {
  expect(queryOf({ q: 'a b&c', from: undefined, to: '', limit: 5 })).toBe('?q=a+b%26c&limit=5')
  expect(queryOf({})).toBe('')
})

test('an id cannot leave its place in the path', () => {
  expect(part('../../x?y#z')).toBe('..%2F..%2Fx%3Fy%23z')
})
