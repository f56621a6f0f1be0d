import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { embeddedSchema } from '../schema.ts'
import { openNumbers } from './numbers.ts'
import { most } from './room.ts'

test('the number of sources that are not told apart is that of another source once its transaction is given up', () => {
  const db = emptyIndex()
  const numbers = openNumbers(db, 'host')
  const [hostile, well] = [numbers.host('hostile'), numbers.host('well')]
  for (let i = 0; i < most.sources; i++) numbers.source(hostile, `log-file:/${i}`)
  db.exec('begin')
  const rest = numbers.source(hostile, 'log-file:/one-more')
  expect(numbers.isRest(rest)).toBe(true)
  db.exec('rollback')
  numbers.forget()

  const source = numbers.source(well, 'journal:system')

  expect(source).toBe(rest)
  expect(numbers.isRest(source)).toBe(false)
})

test('batches of a branch that follow one another are one chain, and another fork is another', () => {
  const numbers = openNumbers(emptyIndex(), 'host')
  const own = numbers.host('desk')
  const chain = (headerHash: string, prev: string | null) =>
    numbers.chain({ host: 'desk', branch: headerHash, headerHash }, { prev })

  const one = chain('a1', 'on the line')
  const other = chain('b1', 'on the line')

  expect([chain('a2', 'a1'), chain('b2', 'b1'), chain('a3', 'a2')]).toEqual([one, other, one])
  expect(new Set([own, one, other]).size).toBe(3)
  expect([own, one, other].map(numbers.ownOf)).toEqual([own, own, own])
  // Another host cannot go on in it.
  const foreign = numbers.chain({ host: 'web', branch: 'c1', headerHash: 'c1' }, { prev: 'a3' })
  expect(numbers.ownOf(foreign)).toBe(numbers.host('web'))
})

test('branches of a host beyond those that are told apart, and of one name, are one, of which no source is told apart', () => {
  const db = emptyIndex()
  const numbers = openNumbers(db, 'host')
  const begin = (n: number, branch = `${n}`) =>
    numbers.chain({ host: 'desk', branch, headerHash: `hash ${n}` }, { prev: null })
  const first = begin(0)
  const sameName = begin(1, '0')
  const all = Array.from({ length: 3 * most.branches }, (_, n) => begin(2 + n))
  const more = all.at(-1) ?? 0

  expect(new Set([first, ...all]).size).toBe(most.branches)
  expect(sameName).toBe(more)
  expect(numbers.ownOf(more)).toBe(numbers.host('desk'))
  expect(numbers.isRest(numbers.source(more, 'journal:system'))).toBe(true)
  expect(numbers.isRest(numbers.source(first, 'journal:system'))).toBe(false)
  // A writer that is started later knows the same.
  const later = openNumbers(db, 'host')
  expect(later.chain({ host: 'desk', branch: 'x', headerHash: 'x' }, { prev: null })).toBe(more)
  expect(later.isRest(later.source(more, 'journal:system'))).toBe(true)
})

function emptyIndex(): DatabaseSync {
  const db = new DatabaseSync(':memory:')
  db.exec(embeddedSchema.events)
  return db
}
