import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Ask, ChunkMeter, checkArtifact, fromHex, limits } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, test } from 'vitest'
import { enrolledFolder, eventually, ownRecords, startAgent } from '../agent.fixture.ts'
import { newFastHost } from '../fast-host.fixture.ts'
import { temporaryFolder } from '../folder.fixture.ts'
import { newLinuxHost } from '../linux-host.fixture.ts'
import { type FakeConsole, startFakeConsole } from '../uplink/console.fixture.ts'

/** The files of this machine, on a clock that runs fast. */
function machine() {
  const { facts, stat, open, names } = newLinuxHost()
  return { ...newFastHost(), facts, stat, open, names }
}

function send(fake: FakeConsole, ask: Ask, counter = 1): string {
  const id = randomUUID()
  const host = [...fake.hosts.keys()].at(-1) ?? ''
  fake.send({ type: 'task', task: { id, host, counter, expiresAt: '2099-01-01T00:00:00.000Z', ask } })
  return id
}

async function started(config = {}) {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const agent = startAgent(path, { host: machine(), config })
  await eventually(() => fake.host.line.length).toBeGreaterThan(0)
  return { fake, path, agent }
}

const artifactFiles = (path: string) => readdirSync(path).filter((name) => name.startsWith('artifact-'))

/** The bytes the console has of one, which must come to what was offered. */
function bytesOf(fake: FakeConsole, sha256: string): Buffer {
  const { offer, chunks } = fake.artifacts.get(sha256) ?? { chunks: [] }
  expect(chunks.map(({ number }) => number)).toEqual(chunks.map((_, i) => i))
  const meter = new ChunkMeter(nodePrimitives, fromHex(offer?.seed ?? '') ?? new Uint8Array(0))
  for (const { bytes } of chunks) meter.add(bytes)
  if (offer !== undefined) checkArtifact(meter.end(), offer)
  return Buffer.concat(chunks.map(({ bytes }) => bytes))
}

test('a file that is asked for is announced in the chain, then arrives identical although the connection is cut', async () => {
  const { fake, path } = await started()
  const file = join(temporaryFolder(), 'evidence.bin')
  const bytes = randomBytes(2 * limits.chunk + 12_345)
  writeFileSync(file, bytes)
  const cuts = [1, 2]
  fake.dropChunk = (number) => cuts[0] === number && cuts.shift() !== undefined

  const id = send(fake, { kind: 'file', path: file })

  await eventually(() => ownRecords(fake.host.line, 'agent:artifact', 'artifact')).toHaveLength(1)
  const [record] = ownRecords(fake.host.line, 'agent:artifact', 'artifact')
  expect(record).toMatchObject({ task: id, path: file, size: bytes.length, changedDuringRead: false, method: 'file' })
  await eventually(() => artifactFiles(path)).toEqual([])
  expect(bytesOf(fake, String(record?.sha256)).equals(bytes)).toBe(true)
  expect(record).toMatchObject({ chunkRoot: fake.artifacts.get(String(record?.sha256))?.offer.chunkRoot })
  expect(cuts).toEqual([])
  expect(ownRecords(fake.host.line, 'agent:task', 'task-answered')).toMatchObject([
    { id, artifacts: 1, bytes: bytes.length, leftOut: 0 },
  ])
})

test('a folder arrives file by file, an empty one and the same bytes twice too, and what is left out is named', async () => {
  const { fake, path } = await started()
  const at = temporaryFolder()
  mkdirSync(join(at, 'sub'))
  for (const [name, text] of Object.entries({ empty: '', one: 'same', 'sub/two': 'same', three: '3' }))
    writeFileSync(join(at, name), text)

  const id = send(fake, { kind: 'folder', path: at })
  const missing = send(fake, { kind: 'file', path: join(at, 'nothing') }, 2)

  await eventually(() => ownRecords(fake.host.line, 'agent:task', 'task-answered')).toMatchObject([
    { id, artifacts: 4, bytes: 9, leftOut: 0 },
    { id: missing, artifacts: 0, leftOut: 1, notHad: [{ path: join(at, 'nothing'), why: 'missing' }] },
  ])
  await eventually(() => artifactFiles(path)).toEqual([])
  expect([...fake.artifacts.keys()].map((sha256) => bytesOf(fake, sha256).toString()).sort()).toEqual(['', '3', 'same'])
  expect(ownRecords(fake.host.line, 'agent:artifact', 'artifact')).toHaveLength(4)
})

test('an artifact for which the agent has no room is named, and nothing of it stays', async () => {
  const { fake, path } = await started({ caps: { spoolMb: 1 } })
  const file = join(temporaryFolder(), 'large')
  writeFileSync(file, Buffer.alloc(600_000))

  send(fake, { kind: 'file', path: file })

  await eventually(() => ownRecords(fake.host.line, 'agent:task', 'task-answered')).toMatchObject([
    { artifacts: 0, leftOut: 1, notHad: [{ path: file, why: expect.stringMatching(/^no-room: .* 500000 bytes/) }] },
  ])
  expect(artifactFiles(path)).toEqual([])
})

test('an artifact the console refuses is said to be lost in the chain, and let go', async () => {
  const { fake, path } = await started()
  fake.unwanted = { code: 'artifact-not-asked', says: 'no' }
  const file = join(temporaryFolder(), 'small')
  writeFileSync(file, 'x')

  const id = send(fake, { kind: 'file', path: file })

  await eventually(() => ownRecords(fake.host.line, 'agent:artifact', 'artifact-lost')).toMatchObject([
    { task: id, code: 'artifact-not-asked', size: 1 },
  ])
  await eventually(() => artifactFiles(path)).toEqual([])
})

test('what was announced waits for the console over a restart; a task that was cut off is answered as failed', async () => {
  const { fake, path, agent } = await started()
  fake.dropChunk = () => true
  const file = join(temporaryFolder(), 'small')
  writeFileSync(file, 'waits')
  send(fake, { kind: 'file', path: file })
  await eventually(() => artifactFiles(path)).toHaveLength(2)
  await agent.stop()
  writeFileSync(join(path, 'artifact-unfinished'), 'half')

  fake.dropChunk = () => false
  startAgent(path, { host: machine() })

  await eventually(() => artifactFiles(path)).toEqual([])
  const [sha256 = ''] = fake.artifacts.keys()
  expect(bytesOf(fake, sha256).toString()).toBe('waits')
})

test('a task that is cancelled ends, says so, and the next one is done', async () => {
  const { fake } = await started()
  const at = temporaryFolder()
  writeFileSync(join(at, 'one'), '1')
  const id = randomUUID()
  fake.send({ type: 'cancel', task: id })
  const host = [...fake.hosts.keys()].at(-1) ?? ''
  const expiresAt = '2099-01-01T00:00:00.000Z'
  fake.send({ type: 'task', task: { id, host, counter: 1, expiresAt, ask: { kind: 'folder', path: at } } })
  const next = send(fake, { kind: 'file', path: join(at, 'one') }, 2)

  await eventually(() => ownRecords(fake.host.line, 'agent:task', 'task-answered')).toMatchObject([
    { id, artifacts: 0, failed: 'cancelled by the console' },
    { id: next, artifacts: 1 },
  ])
})
