import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { embeddedSchema } from '../schema.ts'
import { mostOpen, openStates } from './states.ts'

test('a host that leaves ever new sources open is kept in bounds, in memory and in the file, and another one loses nothing', () => {
  const { db, batch, states } = openTest()
  batch({ host: 2, position: 0, open: ['log-file:/well'] })
  const dropped: string[] = []

  for (let n = 1; n <= 20; n++)
    dropped.push(...batch({ host: 1, position: n, open: sources(n, mostOpen.sources - 1) }).map(({ source }) => source))

  expect(db.prepare('select count(*) as n from event_state where host = 1').get()?.n).toBe(mostOpen.sources)
  expect(dropped).toHaveLength(20 * (mostOpen.sources - 1) - mostOpen.sources)
  expect(new Set(dropped).size).toBe(dropped.length)
  expect(states().of(2, 'log-file:/well')).toBe('open')
})

test('states that are large go by what they take', () => {
  const { db, batch } = openTest()
  const large = 'x'.repeat(65_536)

  for (let n = 1; n <= 100; n++) batch({ host: 1, position: n, open: [`log-file:/${n}`], state: large })

  const { bytes } = db.prepare('select sum(length(state)) as bytes from event_state').get() ?? {}
  expect(Number(bytes)).toBeLessThanOrEqual(mostOpen.bytes)
  expect(Number(bytes)).toBeGreaterThan(mostOpen.bytes - 2 * large.length)
})

test('what goes first is of which nothing came for longest, with the batches in which it lies', () => {
  const { batch } = openTest()
  batch({ host: 1, position: 7, open: sources(0, mostOpen.sources) })
  // Only read on: its state is the one before.
  batch({ host: 1, position: 8, sources: ['log-file:/0/0'], open: [] })

  const dropped = batch({ host: 1, position: 9, open: ['log-file:/one', 'log-file:/two'] })

  expect(dropped).toEqual([
    { source: 'log-file:/0/1', state: 'open', places: [[8, 7]] },
    { source: 'log-file:/0/10', state: 'open', places: [[8, 7]] },
  ])
})

test('however often a writer begins anew, the same goes', () => {
  const run = (isBegunAnew: boolean) => {
    const { batch, begin } = openTest()
    return Array.from({ length: 30 }, (_, n) => {
      if (isBegunAnew) begin()
      // Some of them again, in an order and with letters that a database sorts in its own way.
      const again = sources(n - 3, 20).map((source) => `${source}-\u{1f600}`)
      return batch({ host: 1, position: n, open: [...again, ...sources(n, 90), `log-file:/${n}-\uffee`] })
    })
  }

  expect(run(true)).toEqual(run(false))
  expect(run(true).flat().length).toBeGreaterThan(1000)
})

test('what a transaction dropped that was given up is there still', () => {
  const { db, batch, states } = openTest()
  batch({ host: 1, position: 1, open: sources(1, mostOpen.sources) })
  db.exec('begin')
  states().set(1, new Map([['log-file:/new', 'open']]), { seq: 3, position: 2, sources: ['log-file:/new'] })
  states().save()
  db.exec('rollback')
  states().forget()

  expect(states().of(1, 'log-file:/1/0')).toBe('open')
  expect(states().of(1, 'log-file:/new')).toBeUndefined()
})

function sources(batch: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `log-file:/${batch}/${i}`)
}

interface Batch {
  host: number
  position: number
  /** Sources in which something is open at its end, and all that it has records of. */
  open: readonly string[]
  sources?: readonly string[]
  state?: string
}

/** Each batch is a transaction of its own. */
function openTest() {
  const db = new DatabaseSync(':memory:')
  db.exec(embeddedSchema.events)
  onTestFinished(() => db.close())
  let states = openStates(db, 'event_state')
  return {
    db,
    states: () => states,
    begin() {
      states = openStates(db, 'event_state')
    },
    batch({ host, position, open, sources = open, state = 'open' }: Batch) {
      const changed = new Map(open.map((source) => [source, state]))
      const dropped = states.set(host, changed, { seq: position + 1, position, sources })
      states.save()
      return dropped
    },
  }
}
