import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { neverHeld, notHeld } from '../never-held.ts'
import { embeddedSchema } from '../schema.ts'
import { openHeld } from './held.ts'

const host = 1
const batch = (seq: number, minute = seq) => ({ seq, fromMs: minute * 60_000, toMs: minute * 60_000, isBranch: false })

test('a chain that is held from its first batch on without a hole misses nothing, and neither does a second branch', () => {
  const held = openHeld(emptyIndex())

  expect([1, 2, 3].map((seq) => held.add(host, batch(seq)))).toEqual([undefined, undefined, undefined])
  expect(held.add(2, { ...batch(4), isBranch: true })).toBeUndefined()
})

test('what is not held is known to a writer that is started later, and is that of the first hole', () => {
  const db = emptyIndex()
  const before = openHeld(db)
  before.add(host, batch(1))
  before.save()

  const hole = { sinceMs: 60_000, why: notHeld(2, 4) }
  const held = openHeld(db)
  expect(held.add(host, batch(5))).toEqual(hole)
  held.save()
  expect(openHeld(db).add(host, batch(9))).toEqual(hole)
})

test('a batch of a transaction that was given up was not there', () => {
  const held = openHeld(emptyIndex())
  held.add(host, batch(1))
  held.forget()

  expect(held.add(host, batch(2))).toEqual({ sinceMs: 120_000, why: neverHeld(2) })
})

function emptyIndex(): DatabaseSync {
  const db = new DatabaseSync(':memory:')
  db.exec(embeddedSchema.events)
  return db
}
