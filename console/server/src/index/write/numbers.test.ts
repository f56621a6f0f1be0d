import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { embeddedSchema } from '../schema.ts'
import { openNumbers } from './numbers.ts'
import { most } from './room.ts'

test('the number of sources that are not told apart is that of another source once its transaction is given up', () => {
  const db = new DatabaseSync(':memory:')
  db.exec(embeddedSchema.events)
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
