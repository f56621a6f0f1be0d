import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import type { Ledger } from '../ledger/ledger.ts'
import { openSqlite } from '../store/sqlite.ts'
import { openStore } from '../store/store.ts'
import { openBackground } from './background.ts'
import { openIrregular } from './irregular.ts'
import { embeddedSchema } from './schema.ts'

test('a batch that is left out is looked up once, however often and by how many it is asked for', async () => {
  const { irregular, leaveOut, looked, written } = await openTest()
  await leaveOut('event_mark', 0, 600)
  await irregular.look()
  expect(looked()).toBe(600)

  await leaveOut('event_mark', 600, 610)
  await leaveOut('value_mark', 610, 620)
  await Promise.all(Array.from({ length: 50 }, () => irregular.look()))

  expect(looked()).toBe(620)
  expect(await written()).toBe(100)
})

test('fifty that ask while one look is under way wait for one more', async () => {
  const { irregular, leaveOut, reads } = await openTest()
  await leaveOut('event_mark', 0, 3)
  const first = irregular.look()
  const others = Array.from({ length: 50 }, () => irregular.look())
  await Promise.all([first, ...others])

  expect(reads()).toBeLessThanOrEqual(2 * 2)
})

test('when the index is made again its marks are read again, and nothing is written down twice', async () => {
  const { irregular, leaveOut, looked, written } = await openTest()
  await leaveOut('event_mark', 0, 3)
  await irregular.look()
  irregular.forget()
  await irregular.look()

  expect(looked()).toBe(6)
  expect(await written()).toBe(3)
})

/** Marks of one host in files of an index, and what is asked of them and of the ledger. */
async function openTest() {
  const store = await openStore({ file: ':memory:' })
  const db = await openSqlite(':memory:')
  await db.exec(embeddedSchema.events)
  await db.exec(embeddedSchema.values)
  onTestFinished(async () => {
    await db.close()
    await store.destroy()
  })
  const asked = { entries: 0, reads: 0 }
  const read = <Result>(act: (of: typeof db) => Promise<Result>) => {
    asked.reads += 1
    return act(db)
  }
  // What is asked of an entry is its host and its place in the chain.
  const entry = async (position: number) => {
    asked.entries += 1
    return { host: 'ab'.repeat(16), seq: position + 1 }
  }
  const irregular = openIrregular({
    ...{ handles: { events: read, values: read }, store, background: openBackground(pino({ enabled: false })) },
    ledger: { entry: entry as unknown as Ledger['entry'] },
    now: () => Date.parse('2026-11-24T12:00:00Z'),
    isOver: () => false,
  })
  return {
    irregular,
    looked: () => asked.entries,
    reads: () => asked.reads,
    /** Marks of positions from one to before another. */
    async leaveOut(table: string, from: number, to: number) {
      const rows = Array.from({ length: to - from }, (_, i) => `(${from + i}, 'root-wrong', 'The root is another.')`)
      await db.exec(`insert into ${table} (position, code, says) values ${rows.join(', ')}`)
    },
    async written() {
      return (await store.selectFrom('irregularity').select('no').execute()).length
    },
  }
}
