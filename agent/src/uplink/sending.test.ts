import { join } from 'node:path'
import { type EarlierStands, hostIdOf, splitBatch, type Tip } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, onTestFinished, test } from 'vitest'
import { openArtifacts } from '../acquire/store.ts'
import { batchAfter, fileAt, linesOf, testKey } from '../batch.fixture.ts'
import { newBell } from '../bell.ts'
import { newBudget } from '../budget.ts'
import { lookInto } from '../data-folder.ts'
import { refuse } from '../error.ts'
import { memoryFolder } from '../folder.fixture.ts'
import { newFakeHost } from '../host.fixture.ts'
import { type Enrolment, type HostKey, newHostKey } from '../identity.ts'
import { Sealer } from '../seal/sealer.ts'
import { openDatabase } from '../spool/database.ts'
import { openSpool } from '../spool/open.ts'
import { Spool } from '../spool/spool.ts'
import { derOf, issue, newCa, newPair } from './certificates.fixture.ts'
import { Sending } from './sending.ts'
import { Shipping } from './shipping.ts'

const foreign: Tip = { seq: 99, headerHash: 'ab'.repeat(32) }

test('a new chain that the disk has no room for is pending: the old one goes on until it can begin', async () => {
  const spool = newSpool(1)
  const { begin, state, host } = newUplink(spool)
  state.isFull = true
  const connection = begin(foreign)
  await host.settle()
  connection.acknowledgeAll()
  await host.advance(70_000)
  append(spool)
  await host.advance(10_000)
  expect(connection.sent()).toEqual([1, 2])
  connection.acknowledgeAll()
  expect(state.adopted).toEqual([])

  state.isFull = false
  await host.advance(10_000)

  expect(state.asked).toHaveLength(1)
  expect(state.adopted).toMatchObject([{ host: state.asked[0]?.host, lineage: { host: testKey.host, seq: 2 } }])
  expect(await connection.done).toBe(true)
})

test('a console that names a batch too old to be compared is sent what follows, but nothing counts as held for it', async () => {
  const spool = newSpool(4)
  for (const seq of [2, 3]) spool.markHeld({ seq })
  spool.trimHistory(0)
  const { begin, host } = newUplink(spool)

  const connection = begin({ seq: 2, headerHash: 'ab'.repeat(32) })
  await host.settle()

  expect(connection.sent()).toEqual([4])
  expect(spool.usage().unacked).toBe(2)
})

test('what a console no longer holds of what it had acknowledged waits again, and is sent again', async () => {
  const spool = newSpool(4)
  spool.markHeld({ seq: 4, upTo: true })
  expect(spool.ackedSeq()).toBe(4)
  const held = spool.next(1)
  const { begin, host } = newUplink(spool)

  const connection = begin(held === undefined ? null : { seq: 2, headerHash: held.headerHash })
  await host.settle()

  expect(connection.sent()).toEqual([3, 4])
  expect(spool.usage().unacked).toBe(2)
  connection.acknowledgeAll()
  expect(spool.ackedSeq()).toBe(4)
})

test('what waits again goes for want of room only as a loss that the next header counts', () => {
  const spool = newSpool(4)
  spool.markHeld({ seq: 4, upTo: true })
  spool.takeBack({ seq: 0 })
  expect(spool.ackedSeq()).toBe(0)

  spool.setBudget(1)
  append(spool)

  expect(spool.owed(10)).toMatchObject([{ source: 'log-file:/a', count: 8 }])
})

test('a batch that finds no room in the window is not read before there is some', async () => {
  const db = openDatabase(join(memoryFolder(), 'spool.db'))
  const spool = new Spool(db, 1e9)
  spool.beginChain({ host: testKey.host })
  for (let i = 0; i < 2; i++) append(spool)
  db.exec("UPDATE body SET bytes = x'00' WHERE no = 2")
  const { begin, host } = newUplink(spool)

  const connection = begin(null, { windowBytes: 1 })
  await host.advance(30_000)
  expect(connection.sent()).toEqual([1])
  expect(await Promise.race([connection.done, 'waits'])).toBe('waits')

  connection.acknowledgeAll()
  await expect(connection.done).rejects.toMatchObject({ code: 'spool-broken' })
})

test('a batch whose signature changed on the disk is never sent: the console would refuse it, and all after it', async () => {
  const folder = memoryFolder()
  const spool = newSpool(2, folder)
  const { signature, bytes } = spool.next(0) ?? expect.fail()
  const changed = Buffer.from(bytes)
  const at = changed.indexOf(signature)
  changed[at + 20] = (changed[at + 20] ?? 0) ^ 1
  const db = openDatabase(join(folder, 'spool.db'))
  db.prepare('UPDATE body SET bytes = ? WHERE no = 1').run(changed)
  db.close()

  const connection = newUplink(spool).begin(null)

  await expect(connection.done).rejects.toMatchObject({ code: 'spool-broken' })
  expect(connection.sent()).toEqual([])
})

test('what a console lacks of a chain that has ended goes one at a time, after what is sealed now', async () => {
  const { spool, before } = await withEnded()
  const { begin, host } = newUplink(spool)
  const connection = begin(null, { earlier: [{ host: before, is: 'lacked', after: null }] })
  await host.settle()
  expect(connection.sent()).toEqual([1, 1])

  connection.acknowledgeAll()
  await host.settle()
  expect(connection.sent()).toEqual([1, 1, 2])
  connection.acknowledgeAll()
  await host.settle()
  expect(connection.sent()).toEqual([1, 1, 2])
  expect(spool.usage()).toMatchObject({ batches: 3, unacked: 0 })
})

test.each(['held', 'refused'] as const)('nothing of a chain that is %s is sent', async (is) => {
  const { spool, before } = await withEnded()
  const { begin, host } = newUplink(spool)
  const connection = begin(null, { earlier: [{ host: before, is }] })
  await host.settle()

  connection.acknowledgeAll()
  await host.settle()

  expect(connection.sent()).toEqual([1])
  expect(spool.usage()).toMatchObject({ batches: 3, unacked: 0 })
  expect(spool.owed(10)).toHaveLength(is === 'refused' ? 1 : 0)
})

test('what waits of another chain than the console lacks is not sent, though the disk could not take that', async () => {
  const { spool } = await withEnded()
  const { begin, host } = newUplink(spool)
  const connection = begin(null, { earlier: [] })
  await host.settle()

  expect(connection.sent()).toEqual([1])
})

/** What a connection works with. A full disk refuses a new chain, and the console certifies whatever key it is asked for. */
function newUplink(spool: Spool) {
  const host = newFakeHost()
  const changed = newBell(host)
  const state = { isFull: false, asked: [] as HostKey[], adopted: [] as Enrolment[] }
  let identity = { key: testKey, enrolment: emptyEnrolment }
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const options = {
    host,
    spool,
    changed,
    sealer: new Sealer({ host, spool, changed, key: () => testKey }),
    budget: newBudget(host),
    link: { address: '', isConnected: true, since: '', mustBeginAnew: false },
    identity: () => identity,
    newKey: newHostKey,
    adopt(key: HostKey, enrolment: Enrolment) {
      if (state.isFull) throw refuse('spool-full', 'The disk is full.')
      identity = { key, enrolment }
      state.adopted.push(enrolment)
    },
  }
  const renewal = {
    async ask(key: HostKey) {
      state.asked.push(key)
      return 'certificate'
    },
  }
  const begin = (
    after: Tip | null,
    { windowBytes = 8_000_000, earlier = [] }: { windowBytes?: number; earlier?: EarlierStands[] } = {},
  ) => {
    const batches: (Tip & { host?: string })[] = []
    const send = (bytes: Uint8Array, done: () => void) => {
      const { header, headerHash } = splitBatch(nodePrimitives, bytes)
      const { host } = header
      batches.push({ seq: header.seq, headerHash, ...(host !== testKey.host && { host }) })
      done()
    }
    // The one form of `send` that is used here.
    const socket = { send } as unknown as ConstructorParameters<typeof Sending>[0]['socket']
    const folder = lookInto(memoryFolder())
    const shipped = { ...options, artifacts: openArtifacts(folder), lost: async () => {} }
    const shipping = new Shipping({ options: shipped, socket, say: () => {} })
    const sending = new Sending({ shipping, options, socket, renewal, after, windowBytes, earlier })
    return {
      done: sending.run(stop.signal),
      sent: () => batches.map(({ seq }) => seq),
      acknowledgeAll() {
        for (const tip of batches) sending.acknowledge(tip, (held) => spool.markHeld(held))
      },
    }
  }
  return { begin, state, host }
}

const emptyEnrolment: Enrolment = {
  tw: 'enrolment/1',
  host: testKey.host,
  addresses: [''],
  serverName: '',
  ca: '',
  certificate: '',
  enrolledAt: '',
}

function newSpool(batches: number, folder = memoryFolder()): Spool {
  const { spool } = openSpool(lookInto(folder), { budgetBytes: 1e9, nowMs: 0 })
  spool.beginChain({ host: testKey.host })
  for (let i = 0; i < batches; i++) append(spool)
  return spool
}

/** Two batches of a chain under another key, which has ended, and one of the chain that goes on. */
async function withEnded() {
  const { spool } = openSpool(lookInto(memoryFolder()), { budgetBytes: 1e9, nowMs: 0 })
  const pair = newPair()
  const privateKey = derOf(pair)
  const key = { publicKey: pair.spki, privateKey, host: hostIdOf(nodePrimitives.sha256(pair.spki)) }
  spool.beginChain({ host: key.host, certificate: await issue(await newCa(), pair.spki, { subject: 'CN=host' }) })
  append(spool, key)
  append(spool, key)
  spool.beginChain({ host: testKey.host })
  append(spool)
  return { spool, before: key.host }
}

function append(spool: Spool, key = testKey): void {
  const sources = [{ id: 'log-file:/a', first: fileAt(0), next: fileAt(8), count: 2 }]
  spool.commit(
    batchAfter(spool.chain()?.tip ?? null, { key, chunks: [linesOf('log-file:/a', ['one', 'two'])], sources }),
  )
}
