import { expect, test } from 'vitest'
import { parseQuery } from '../../components/query/grammar.ts'
import { boundsOf } from '../../components/query/range.ts'
import { questions } from './questions.ts'

test.each(questions)('$text can be read and has a span', ({ q, from }) => {
  const { from: start, to } = boundsOf({ from, to: '' }, 1_000_000_000_000)

  expect(parseQuery(q)).toMatchObject({ ok: true })
  expect(start).toBeLessThan(to)
})

test('no two questions ask the same', () => {
  expect(new Set(questions.map(({ q }) => q)).size).toBe(questions.length)
})
