import pino from 'pino'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openLive } from '../live.ts'
import { openStore, type Store } from '../store/store.ts'
import { type Irregularities, openIrregularities } from './irregularities.ts'

const host = 'ab'.repeat(16)
const address = '192.0.2.112'

let store: Store
let irregularities: Irregularities
let nowMs: number
let told: string[]

beforeEach(async () => {
  store = await openStore({ file: ':memory:' })
  nowMs = Date.parse('2026-11-24T12:00:00.000Z')
  told = []
  const live = { ...openLive(), changed: (topic: string) => void told.push(topic) }
  irregularities = openIrregularities({ store, live, log: pino({ level: 'silent' }), now: () => nowMs })
  onTestFinished(async () => {
    await irregularities.close()
    await store.destroy()
  })
})

test('a second fork or gap is a row of its own, and the same one again is counted', async () => {
  for (const seq of [7, 9, 7]) note('chain-fork', seq)
  note('chain-gap', 7)

  expect(await rows()).toEqual([
    ['chain-fork', 7, expect.stringContaining('1 more')],
    ['chain-fork', 9, 'Batch 9.'],
    ['chain-gap', 7, 'Batch 7.'],
  ])
})

test('a host that forks without end has a bounded number of rows an hour, and the rest is counted', async () => {
  for (let seq = 1; seq <= 5000; seq++) note('chain-fork', seq)
  expect(await rows()).toHaveLength(21)
  expect((await rows()).at(-1)).toEqual(['chain-fork', 21, expect.stringContaining('4979 more')])

  nowMs += 61 * 60_000
  note('chain-fork', 6000)
  expect(await rows()).toHaveLength(22)
})

test('other refusals of a host are one row each, whatever batch they are about', async () => {
  for (const seq of [7, 9]) note('host-busy', seq)

  expect(await rows()).toHaveLength(1)
})

test('the screens are told of what is refused to strangers, and when more of it comes', async () => {
  irregularities.note({ host: null, code: 'host-unknown', says: 'No host.', address })
  await irregularities.flush()
  irregularities.note({ host: null, code: 'host-unknown', says: 'No host.', address })
  await irregularities.flush()

  expect(told).toEqual(['refusals', 'refusals'])
})

function note(code: 'chain-fork' | 'chain-gap' | 'host-busy', seq: number): void {
  irregularities.note({ host, code, says: `Batch ${seq}.`, seq, address })
}

async function rows(): Promise<unknown[]> {
  await irregularities.flush()
  const all = await store.selectFrom('irregularity').selectAll().orderBy('no').execute()
  return all.map(({ code, seq, says }) => [code, seq, says])
}
