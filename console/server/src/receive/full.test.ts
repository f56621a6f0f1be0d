import type { Batch } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { refuse } from '../error.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { openQueue } from '../ledger/queue.ts'
import { connected, dial, enrolled, heldOf } from './agent.fixture.ts'
import { startConsole } from './receive.fixture.ts'

test('a full ledger holds every agent back, acknowledges nothing, and goes on by itself with nothing lost', async () => {
  const disk = newDisk()
  const console = await startConsole({ bounds: { retryMs: 20 }, through: disk.through })
  const [one, two] = [await connected(console), await connected(console)]
  const batches = [one.host.seal(20), two.host.seal(20)] as [Batch[], Batch[]]
  one.send(...batches[0].slice(0, 5))
  await one.acked(5)

  disk.isFull = true
  one.send(...batches[0].slice(5))
  two.send(...batches[1])
  await Promise.all([one.hears('hold'), two.hears('hold')])
  await expect.poll(() => disk.refused).toBeGreaterThan(4)
  expect([one.all('ack').length, two.all('ack').length]).toEqual([5, 0])
  expect(console.receive.fullSinceMs()).toBeLessThanOrEqual(Date.now())
  const late = await connected(console)
  await late.hears('hold')

  disk.isFull = false
  await Promise.all([one.hears('resume'), two.hears('resume'), late.hears('resume')])
  const numbers = batches[0].map(({ header }) => header.seq)
  expect(await one.acked(20)).toEqual(numbers)
  expect(await two.acked(20)).toEqual(numbers)
  expect(await heldOf(console, one.host.id)).toEqual(numbers.map(String))
  expect(await heldOf(console, two.host.id)).toEqual(numbers.map(String))
  expect(console.receive.fullSinceMs()).toBeUndefined()
  expect(await console.finalCodes()).toEqual([])
})

test('a host that is not read because the ledger is full is not blamed for its silence', async () => {
  const disk = newDisk()
  const console = await startConsole({ bounds: { retryMs: 20, tickMs: 20, hostBytes: 100 }, through: disk.through })
  const agent = await connected(console)
  disk.isFull = true
  agent.send(...agent.host.seal(5))
  await expect.poll(() => disk.refused).toBeGreaterThan(0)

  console.aheadMs = 90_000

  const heardMs = () => console.receive.standing(agent.host.id)?.heardMs
  await expect.poll(heardMs).toBeGreaterThan(Date.now() + 80_000)
  expect(console.receive.silences()).toEqual([])
  disk.isFull = false
  expect(await agent.acked(5)).toHaveLength(5)
})

test('a ledger that is full again and again keeps the order of every chain', async () => {
  const disk = newDisk()
  const console = await startConsole({ bounds: { retryMs: 1 }, through: disk.through })
  const agents = [await connected(console), await connected(console), await connected(console)]
  disk.often = 3

  const batches = agents.map(({ host }) => host.seal(40))
  for (const [i, agent] of agents.entries()) agent.send(...(batches[i] ?? []))

  for (const agent of agents) {
    const numbers = agent.host.sealed.map(({ header }) => header.seq)
    expect(await agent.acked(40)).toEqual(numbers)
    expect(await heldOf(console, agent.host.id)).toEqual(numbers.map(String))
  }
  expect(disk.refused).toBeGreaterThan(10)
})

test('a host that comes again while the ledger is full is welcome at once, and sends again what was never held', async () => {
  const disk = newDisk()
  const console = await startConsole({ bounds: { retryMs: 20 }, through: disk.through })
  const host = await enrolled(console)
  const first = await connected(console, host)
  const batches = host.seal(10)
  disk.isFull = true
  first.send(...batches)
  await first.hears('hold')
  first.drop()

  const again = await dial(console, host)
  const { after } = await again.greet()
  again.send(...batches)
  await again.hears('hold')
  disk.isFull = false

  expect(after).toBeNull()
  expect(await again.acked(10)).toEqual(batches.map(({ header }) => header.seq))
  expect(await heldOf(console, host.id)).toEqual(batches.map(({ header }) => `${header.seq}`))
})

test('a full ledger with nobody left who waits takes the next batch that comes', async () => {
  const disk = newDisk()
  const console = await startConsole({ bounds: { retryMs: 10 }, through: disk.through })
  const first = await connected(console)
  disk.isFull = true
  first.send(...first.host.seal())
  await first.hears('hold')
  first.drop()
  await expect.poll(() => console.receive.connections()).toEqual([])
  disk.isFull = false

  const next = await connected(console)
  next.send(...next.host.seal())

  expect(await next.acked(1)).toEqual([1])
})

test('a host that comes again is not told that batches are held which are still on their way', async () => {
  const disk = newDisk()
  const asleep = Promise.withResolvers<void>()
  disk.isAwake = asleep.promise
  const console = await startConsole({ through: disk.through })
  const first = await connected(console)
  first.send(...first.host.seal(3))
  await expect.poll(() => disk.asked).toBe(3)
  first.drop()
  await expect.poll(() => console.receive.connections()).toEqual([])
  const again = await dial(console, first.host)
  const welcome = again.greet()
  await expect.poll(() => console.receive.connections().length).toBe(1)
  // Time enough to look the host up, which is all that stands between hello and welcome.
  for (let i = 0; i < 100; i++) await new Promise(setImmediate)

  // They do not get in after all.
  disk.isBroken = true
  asleep.resolve()

  expect((await welcome).after).toBeNull()
})

test('a ledger that fails for another reason ends the connection, and the host goes on after it', async () => {
  const disk = newDisk()
  const console = await startConsole({ through: disk.through })
  const agent = await connected(console)
  disk.isBroken = true
  agent.send(...agent.host.seal(3))
  expect((await agent.hears('refused')).code).toBe('internal-error')
  await agent.closed
  disk.isBroken = false

  const again = await dial(console, agent.host)
  expect((await again.greet()).after).toBeNull()
  again.send(...agent.host.sealed)
  expect(await again.acked(3)).toEqual([1, 2, 3])
})

type Appending = Parameters<Ledger['append']>
type Appended = Awaited<ReturnType<Ledger['append']>>

/** A real ledger on a disk that can be full, broken, or full every so often; it fails in groups as the ledger does. */
function newDisk() {
  const disk = {
    isFull: false,
    asked: 0,
    isBroken: false,
    /** Every so many groups it is full once; 0 for never. */
    often: 0,
    refused: 0,
    /** What is appended waits for it. */
    isAwake: new Promise<void>(setImmediate),
    through(ledger: Ledger): Ledger {
      let groups = 0
      const handle = async (group: readonly Appending[]) => {
        await disk.isAwake
        groups += 1
        if (disk.isBroken) throw new Error('the ledger made a mistake')
        if (!disk.isFull && (disk.often === 0 || groups % disk.often !== 0))
          return Promise.all(group.map(([batch, at]) => ledger.append(batch, at)))
        disk.refused += 1
        throw refuse('disk-full', 'The ledger took no more bytes.')
      }
      const queue = openQueue<Appending, Appended>({ mostItems: 4, mostBytes: 1e9, bytesOf: () => 1, handle })
      const append: Ledger['append'] = (...appending) => {
        disk.asked += 1
        return queue.add(appending)
      }
      return { ...ledger, append }
    },
  }
  return disk
}
