import { expect, test } from 'vitest'
import { holdRows } from './held-rows.ts'

interface Row {
  id: string
  state: string
}

const keyOf = (row: Row) => row.id
const row = (id: string, state = 'new'): Row => ({ id, state })

test('rows that came later wait, the others stay in their order', () => {
  const all = [row('c'), row('a'), row('b')]

  expect(holdRows(['a', 'b'], all, all, keyOf)).toEqual({ rows: [row('a'), row('b')], waiting: 1 })
})

test('a row shows what is new in it, and stays when it no longer belongs', () => {
  const all = [row('a', 'benign'), row('b')]

  expect(holdRows(['a', 'b'], [row('b')], all, keyOf)).toEqual({ rows: all, waiting: 0 })
})

test('a row that is gone altogether goes', () => {
  expect(holdRows(['a', 'b'], [row('b')], [row('b')], keyOf).rows).toEqual([row('b')])
})
