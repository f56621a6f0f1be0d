import { randomUUID } from 'node:crypto'
import { ChunkMeter, formatChunk, fromHex, limits, type Offer } from '@tidewaiter/protocol'
import type { CollectionDetail } from '@tidewaiter/protocol/api'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, onTestFinished, test } from 'vitest'
import { openArtifacts } from '../ledger/artifacts.ts'
import { newFolder } from '../ledger/ledger.fixture.ts'
import { dial, enrolled, type TestAgent } from '../receive/agent.fixture.ts'
import { startConsole } from '../receive/receive.fixture.ts'
import { openCollect } from './collect.ts'
import { listCollections } from './rows.ts'

const by = { who: 'an.analyst@broker.example', at: new Date().toISOString() }
const ask = { kind: 'file', path: '/etc/hosts' } as const
const content = Buffer.alloc(limits.chunk + 10, 'tide')

async function opened() {
  const dir = newFolder()
  const holder: { collect?: Awaited<ReturnType<typeof openCollect>> } = {}
  const console = await startConsole({
    collecting: async (deps) => {
      const artifacts = openArtifacts({ dir, masterKey: deps.keys.masterKey })
      holder.collect = await openCollect({ ...deps, artifacts })
      return holder.collect
    },
  })
  const { collect } = holder
  if (collect === undefined) throw new Error('not opened')
  onTestFinished(() => collect.close())
  return { console, collect, dir }
}

function offerOf(task: string, bytes = content): Offer {
  const seed = '5e'.repeat(32)
  const meter = new ChunkMeter(nodePrimitives, fromHex(seed) ?? new Uint8Array(0))
  for (let at = 0; at < bytes.length; at += limits.chunk) meter.add(bytes.subarray(at, at + limits.chunk))
  return { task, seed, ...meter.end() }
}

/** Seals what an agent says of itself, and has it acknowledged. */
async function says(agent: TestAgent, source: string, ...rows: object[]): Promise<void> {
  const before = agent.all('ack').length
  agent.send(agent.host.sealOwn(source, rows))
  await agent.hears('ack', before)
}

function eventually(look: () => Promise<CollectionDetail>) {
  return expect.poll(look, { timeout: 5_000, interval: 10 })
}

test('a host that is connected is asked at once, and its sealed answer and its artifact are matched to the task', async () => {
  const { console, collect } = await opened()
  const host = await enrolled(console)
  const agent = await dial(console, host)
  await agent.greet()

  const { id } = await collect.create({ ask, hosts: [host.id] }, by)
  const { task } = await agent.hears('task')
  expect(task).toMatchObject({ host: host.id, counter: 1, ask })
  await says(agent, 'agent:task', { kind: 'task-received', task })
  await eventually(() => collect.detail(id)).toMatchObject({ states: { received: 1 } })

  const offer = offerOf(task.id)
  const { task: _, seed: __, chunkRoot: ___, ...known } = offer
  await says(agent, 'agent:artifact', {
    kind: 'artifact',
    task: task.id,
    path: ask.path,
    ...known,
    changedDuringRead: false,
  })
  await eventually(() => collect.detail(id)).toMatchObject({ missing: 1, artifacts: [{ state: 'announced' }] })
  agent.say({ type: 'offer', offer })
  expect(await agent.hears('chunks')).toMatchObject({ sha256: offer.sha256, next: 0 })
  for (const number of [0, 1]) {
    const bytes = content.subarray(number * limits.chunk).subarray(0, limits.chunk)
    agent.send(formatChunk({ sha256: offer.sha256, number, bytes }))
  }
  await agent.hears('held')
  await says(agent, 'agent:task', { kind: 'task-answered', id: task.id, artifacts: 1, bytes: offer.size, leftOut: 0 })

  await eventually(() => collect.detail(id)).toMatchObject({
    missing: 0,
    tasks: [{ state: 'answered', bytes: offer.size, record: expect.stringContaining(host.id) }],
    artifacts: [{ state: 'held', path: ask.path, sha256: offer.sha256, changedDuringRead: false }],
  })
  const parts: Uint8Array[] = []
  for await (const part of (await collect.artifact(offer.sha256, by)).bytes) parts.push(part)
  expect(Buffer.concat(parts).equals(content)).toBe(true)
  const acts = await console.deps.store.selectFrom('audit').select(['who', 'act']).execute()
  expect(acts).toContainEqual({ who: by.who, act: 'artifact.read' })
})

test('a host that is offline is asked when it comes back, with the same counter until it has seen it, and never twice', async () => {
  const { console, collect } = await opened()
  const host = await enrolled(console)
  const { id } = await collect.create({ ask, hosts: [host.id] }, by)
  expect(await collect.detail(id)).toMatchObject({ states: { queued: 1 } })

  const first = await dial(console, host)
  await first.greet({ taskCounter: 41 })
  expect((await first.hears('task')).task).toMatchObject({ counter: 42 })
  first.drop()
  const second = await dial(console, host)
  await second.greet({ taskCounter: 41 })
  const { task } = await second.hears('task')
  expect(task.counter).toBe(42)
  second.drop()
  const third = await dial(console, host)
  await third.greet({ taskCounter: 42 })
  const next = await collect.create({ ask: { kind: 'snapshot', collector: 'process' }, hosts: [host.id] }, by)
  expect((await third.hears('task')).task).toMatchObject({ counter: 43, ask: { kind: 'snapshot' } })

  await says(third, 'agent:task', { kind: 'task-refused', id: task.id, code: 'task-not-allowed', says: 'no' })
  await eventually(() => collect.detail(id)).toMatchObject({ tasks: [{ state: 'refused', code: 'task-not-allowed' }] })
  expect((await listCollections(console.deps.store)).map((one) => one.id).sort()).toEqual([id, next.id].sort())
})

test('what no task asked for is not taken, and one host says nothing of the task of another', async () => {
  const { console, collect } = await opened()
  const [one, other] = [await enrolled(console), await enrolled(console)]
  const { id } = await collect.create({ ask, hosts: [one.id] }, by)
  const [{ id: task = '' } = {}] = (await collect.detail(id)).tasks
  const agent = await dial(console, other)
  await agent.greet()

  agent.say({ type: 'offer', offer: offerOf(task) })
  expect(await agent.hears('unwanted')).toMatchObject({ code: 'artifact-not-asked' })
  agent.say({ type: 'offer', offer: offerOf(randomUUID()) })
  expect(await agent.hears('unwanted', 1)).toMatchObject({ code: 'artifact-not-asked' })
  await collect.create({ ask, hosts: [other.id] }, by)
  await says(agent, 'agent:task', { kind: 'task-refused', id: task, code: 'task-foreign', says: 'no' })
  await says(agent, 'agent:artifact', { kind: 'artifact', task, sha256: 'ab'.repeat(32), size: 1, path: '/x' })
  await collect.close()

  expect(await collect.detail(id)).toMatchObject({ tasks: [{ state: 'queued' }], artifacts: [] })
})

test('a host that offers as many artifacts as a folder has files is not slowed down', async () => {
  const { console } = await opened()
  const agent = await dial(console, await enrolled(console))
  await agent.greet()

  const offer = offerOf(randomUUID(), Buffer.from('one of many'))
  for (let i = 0; i < 200; i++) agent.say({ type: 'offer', offer })
  await agent.hears('unwanted', 199)

  expect(await console.codes()).not.toContain('host-busy')
})

test('an artifact that does not come to what was offered is refused by name', async () => {
  const { console, collect } = await opened()
  const host = await enrolled(console)
  const agent = await dial(console, host)
  await agent.greet()
  await collect.create({ ask, hosts: [host.id] }, by)
  const { task } = await agent.hears('task')
  const offer = offerOf(task.id, Buffer.from('offered'))

  agent.say({ type: 'offer', offer })
  await agent.hears('chunks')
  agent.send(formatChunk({ sha256: offer.sha256, number: 0, bytes: Buffer.from('another') }))

  expect(await agent.hears('unwanted')).toMatchObject({ code: 'artifact-wrong', sha256: offer.sha256 })
})

test('a task that is cancelled is not sent to a host that comes back, and one that has it is told', async () => {
  const { console, collect } = await opened()
  const [there, away] = [await enrolled(console), await enrolled(console)]
  const agent = await dial(console, there)
  await agent.greet()
  const { id } = await collect.create({ ask, hosts: [there.id, away.id] }, by)
  const { task } = await agent.hears('task')

  await collect.cancel(id, by)

  expect(await agent.hears('cancel')).toEqual({ type: 'cancel', task: task.id })
  expect(await collect.detail(id)).toMatchObject({ states: { cancelled: 2 } })
  const late = await dial(console, away)
  await late.greet()
  await collect.create({ ask: { kind: 'folder', path: '/etc' }, hosts: [away.id] }, by)
  expect((await late.hears('task')).task.ask.kind).toBe('folder')
})

test('a task past its expiry is expired, and a host that is not here cannot be asked', async () => {
  const { console, collect } = await opened()
  const host = await enrolled(console)
  const { id } = await collect.create({ ask, hosts: [host.id], expiresIn: 1 }, by)
  console.aheadMs = 3_700_000

  expect(await collect.detail(id)).toMatchObject({ states: { expired: 1 } })
  await expect(collect.create({ ask, hosts: ['00'.repeat(16)] }, by)).rejects.toThrow('not-found')
})

test('an answer that came while the console was down is worked in at the next start', async () => {
  const { console, collect, dir } = await opened()
  const host = await enrolled(console)
  const agent = await dial(console, host)
  await agent.greet()
  const { id } = await collect.create({ ask, hosts: [host.id] }, by)
  const { task } = await agent.hears('task')
  await collect.close()
  await says(agent, 'agent:task', { kind: 'task-answered', id: task.id, failed: 'the agent ended' })

  const artifacts = openArtifacts({ dir, masterKey: console.deps.keys.masterKey })
  const again = await openCollect({ ...console.deps, artifacts })
  onTestFinished(() => again.close())

  expect(await again.detail(id)).toMatchObject({ tasks: [{ state: 'failed', says: 'the agent ended' }] })
})
