import { join } from 'node:path'
import type { Batch, Loss } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import { recordsOf } from '../agent.fixture.ts'
import { testKey } from '../batch.fixture.ts'
import { newBell } from '../bell.ts'
import { memoryFolder } from '../folder.fixture.ts'
import { Sealer } from '../seal/sealer.ts'
import { openDatabase } from '../spool/database.ts'
import { Spool } from '../spool/spool.ts'
import { Follower } from './follower.ts'
import { newFileHost, newLog } from './log.fixture.ts'
import { newReadingRoom } from './reading-room.ts'
import { lines } from './shape.ts'

test('a file that is rotated after a kill is read to its end, also when the agent had no time to seal', async () => {
  const log = newLog('auth.log')
  log.append('one\ntwo\n')
  const agent = newAgent(log.path)

  await agent.look()
  log.append('three\n')
  log.rename()
  log.append('four\n')
  await agent.restart()
  await agent.look()
  await agent.seal()

  expect(agent.sealed()).toEqual(['one', 'two', 'three', 'four'])
  expect(agent.losses()).toEqual([])
})

test('so is a file in which nothing stood yet', async () => {
  const log = newLog('auth.log')
  log.create()
  const agent = newAgent(log.path)

  await agent.look()
  log.append('one\n')
  log.rename()
  log.append('two\n')
  await agent.restart()
  await agent.look()
  await agent.seal()

  expect(agent.sealed()).toEqual(['one', 'two'])
  expect(agent.losses()).toEqual([])
})

test('a loss found after a kill fell into the time since the source was last sealed', async () => {
  const log = newLog('auth.log')
  log.append('one\n')
  const agent = newAgent(log.path)
  await agent.look()
  const sealedAt = new Date(agent.host.now()).toISOString()

  await agent.host.advance(3_600_000)
  log.truncate()
  log.append('new\n')
  await agent.restart()
  await agent.look()
  await agent.seal()

  const foundAt = new Date(agent.host.now()).toISOString()
  expect(agent.losses()).toMatchObject([{ count: null, from: sealedAt, to: foundAt }])
})

test('what is written to the renamed file after a kill is read, though the new one is followed already', async () => {
  const log = newLog('access.log')
  log.append('a1\n')
  const agent = newAgent(log.path)
  await agent.look()
  log.rename()
  log.append('b1\n')
  await agent.look()
  await agent.seal()

  await agent.restart()
  log.appendLate('a2 late\n')
  log.append('b2\n')
  await agent.look()
  await agent.seal()
  await agent.restart()
  log.appendLate('a3 late\n')
  await agent.look()
  await agent.seal()

  expect(agent.sealed()).toEqual(['a1', 'b1', 'a2 late', 'b2', 'a3 late'])
  expect(agent.losses()).toEqual([])
})

/** Follows and seals one log as the agent does. A kill leaves what is in the spool, and nothing else. */
function newAgent(path: string) {
  const host = newFileHost()
  const source = `log-file:${path}`
  const spool = new Spool(openDatabase(join(memoryFolder(), 'spool.db')), 1e9)
  spool.beginChain({ host: testKey.host })
  const start = () => {
    const sealer = new Sealer({ host, spool, key: () => testKey, changed: newBell(host) })
    const reading = { host, source, shape: lines, room: newReadingRoom() }
    const place = { position: sealer.positionOf(source), predecessor: sealer.predecessorOf(source) }
    return { sealer, follower: new Follower({ path, reading, ...place, changed: () => {} }) }
  }
  let running = start()
  const batches = (): Batch[] => {
    const all: Batch[] = []
    for (let batch = spool.next(0); batch !== undefined; batch = spool.next(batch.header.seq)) all.push(batch)
    return all
  }
  return {
    host,
    /** Looks until there is no more. */
    async look() {
      const { sealer, follower } = running
      for (;;) {
        const looking = follower.look()
        let step = await looking.next()
        for (; step.done !== true; step = await looking.next())
          if ('chunks' in step.value) await sealer.take(step.value, { mayWait: true })
          else if ('lost' in step.value) await sealer.miss(step.value)
        if (!step.value) return
      }
    },
    seal: () => running.sealer.seal(),
    /** Begins anew with what a sudden death leaves. */
    async restart() {
      await running.follower.close()
      running = start()
    },
    sealed: () => recordsOf(batches(), source),
    losses: (): Loss[] => batches().flatMap(({ header }) => header.lost),
  }
}
