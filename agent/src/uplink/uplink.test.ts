import { cpSync } from 'node:fs'
import { expect, test } from 'vitest'
import { enrolledFolder, eventually, ownRecords, recordsOf, snapshotOf, startAgent } from '../agent.fixture.ts'
import { toChunk } from '../chunk.ts'
import { lookInto } from '../data-folder.ts'
import { temporaryFolder } from '../folder.fixture.ts'
import { readEnrolment } from '../identity.ts'
import { readStatus } from '../status.ts'
import { issue, newPair } from './certificates.fixture.ts'
import { type FakeConsole, startFakeConsole } from './console.fixture.ts'

test('a machine copied back from a snapshot hands over what it has, then goes on as a new host whose chain names the old one', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  await runUntil(path, fake, 'one')
  const snapshot = temporaryFolder()
  cpSync(path, snapshot, { recursive: true })
  await runUntil(path, fake, 'two')
  const old = fake.host
  const held = old.line.length

  const agent = startAgent(snapshot, { collectors: [counted('process', 'three')] })
  await eventually(() => fake.hosts.size).toBe(2)
  await eventually(() => recordsOf(fake.host.line, 'process').length).toBeGreaterThan(0)
  await agent.stop()

  expect(old.line).toHaveLength(held)
  const [first] = fake.host.line
  const end = old.branch.at(-1)
  expect(first?.header).toMatchObject({
    seq: 1,
    prev: null,
    lineage: { host: end?.header.host, seq: end?.header.seq, header: end?.headerHash },
  })
  expect(ownRecords(fake.host.line, 'agent:run', 'new-chain')).toHaveLength(1)
  expect(readEnrolment(lookInto(snapshot)).host).toBe(first?.header.host)
  const threes = [...recordsOf(old.branch, 'process'), ...recordsOf(fake.host.line, 'process')]
  expect(threes).toEqual(threes.map((_, i) => `three ${i}`))
})

test('an agent that died while it waited for the certificate of its new key asks again for the same one', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const old = fake.host
  fake.welcomeAfter = (host) => (host === old ? { seq: 99, headerHash: 'ab'.repeat(32) } : null)
  const { certificateOf } = fake
  const asked: string[] = []
  fake.certificateOf = (spki) => {
    asked.push(Buffer.from(spki).toString('hex'))
    return asked.length === 1 ? new Promise(() => {}) : certificateOf(spki)
  }
  const first = startAgent(path)
  await eventually(() => asked).toHaveLength(1)
  await first.stop()

  startAgent(path)

  await eventually(() => fake.hosts.size).toBe(2)
  expect(asked).toEqual([asked[0], asked[0]])
})

test('a console that lost everything gets it again from the spool', async () => {
  const fake = await startFakeConsole()
  startAgent(await enrolledFolder(fake), { collectors: [counted('process', 'row')] })
  await eventually(() => recordsOf(fake.host.line, 'process').length).toBeGreaterThan(2)

  fake.host.line.length = 0
  fake.drop()

  await eventually(() => recordsOf(fake.host.line, 'process').length).toBeGreaterThan(4)
  expect(fake.host.line[0]?.header.seq).toBe(1)
  expect(fake.host.gaps).toBe(0)
})

test('no more than the window is on the way, and nothing counts as held without its acknowledgement', async () => {
  const fake = await startFakeConsole()
  fake.windowBytes = 1
  fake.answer = () => 'withhold'
  const path = await enrolledFolder(fake)
  const agent = startAgent(path, { collectors: [counted('process', 'row')] })

  await eventually(() => readStatus(lookInto(path))?.status.spool.unacked).toBeGreaterThan(3)
  expect(fake.host.line).toHaveLength(1)

  fake.answer = () => 'ack'
  fake.drop()
  await eventually(() => fake.host.line.length).toBeGreaterThan(4)
  await eventually(() => readStatus(lookInto(path))?.status.spool.unacked).toBe(0)
  await agent.stop()
})

test('an acknowledgement of another batch than was sent drops nothing, and ends the connection', async () => {
  const fake = await startFakeConsole()
  let wrong = 0
  fake.answer = () => (wrong++ < 3 ? 'wrong' : 'ack')
  const path = await enrolledFolder(fake)

  startAgent(path, { collectors: [counted('process', 'row')] })

  await eventually(() => recordsOf(fake.host.line, 'process').length).toBeGreaterThan(2)
  expect(fake.host.messages.filter(({ type }) => type === 'hello').length).toBeGreaterThan(1)
  expect(fake.host.gaps).toBe(0)
})

test.each([
  ['no JSON', ['{"type":']],
  ['an unknown message', [JSON.stringify({ type: 'run', command: 'id' })]],
  ['a binary frame', [Buffer.from('TWB1')]],
  ['a frame over the limit', ['x'.repeat(600_000)]],
  ['a second welcome', [welcome()]],
  ['messages without end', Array.from({ length: 300 }, () => JSON.stringify({ type: 'resume' }))],
])('a console that sends %s loses its connection, and nothing else happens', async (_, frames) => {
  const fake = await startFakeConsole()
  const agent = startAgent(await enrolledFolder(fake), { collectors: [counted('process', 'row')] })
  await eventually(() => recordsOf(fake.host.line, 'process').length).toBeGreaterThan(0)
  const hellos = () => fake.host.messages.filter(({ type }) => type === 'hello').length
  expect(hellos()).toBe(1)

  for (const frame of frames) fake.send(frame)

  await eventually(hellos).toBe(2)
  const before = recordsOf(fake.host.line, 'process').length
  await eventually(() => recordsOf(fake.host.line, 'process').length).toBeGreaterThan(before)
  await agent.stop()
})

test('an acknowledgement of what was never sent changes nothing', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const agent = startAgent(path, { collectors: [counted('process', 'row')] })
  await eventually(() => fake.host.line.length).toBeGreaterThan(0)
  const head = { head: '{}', signature: '' }

  fake.send(JSON.stringify({ type: 'ack', seq: 4711, headerHash: 'ab'.repeat(32), head }))

  const before = fake.host.line.length
  await eventually(() => fake.host.line.length).toBeGreaterThan(before + 2)
  await agent.stop()
  expect(fake.host.gaps).toBe(0)
})

test('a certificate is renewed over the live connection at two thirds of its life, by one for the same key only', async () => {
  const fake = await startFakeConsole()
  const day = 24 * 3_600_000
  const due = { notBefore: new Date(Date.now() - 300 * day), notAfter: new Date(Date.now() + 60 * day) }
  fake.certificateOf = (spki) => issue(fake.ca, spki, { subject: 'CN=host', ...due })
  const path = await enrolledFolder(fake)
  const before = readEnrolment(lookInto(path)).certificate
  const stranger = newPair().spki
  fake.certificateOf = () => issue(fake.ca, stranger, { subject: 'CN=host' })
  const agent = startAgent(path)
  const types = () => fake.host.messages.map(({ type }) => type)
  await eventually(() => types().includes('renew') && types().lastIndexOf('state') > types().indexOf('renew')).toBe(
    true,
  )
  await agent.stop()
  expect(readEnrolment(lookInto(path)).certificate).toBe(before)

  fake.certificateOf = (spki) => issue(fake.ca, spki, { subject: 'CN=host' })
  startAgent(path)

  await eventually(() => readEnrolment(lookInto(path)).certificate).not.toBe(before)
  expect(fake.hosts.size).toBe(1)
})

test('a host that is not let in says why, and goes on taking evidence', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const { host } = fake
  fake.hosts.clear()
  const agent = startAgent(path, { collectors: [counted('process', 'row')] })

  await eventually(() => readStatus(lookInto(path))?.status.sources).toContainEqual(
    expect.objectContaining({ id: 'agent:uplink', state: 'failed', why: expect.stringContaining('(host-unknown)') }),
  )
  const [id] = [readEnrolment(lookInto(path)).host]
  fake.hosts.set(id, host)

  await eventually(() => recordsOf(fake.host.line, 'process')[0]).toBe('row 0')
  await agent.stop()
})

test('every address is tried, in their order', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake, ['wss://127.0.0.1:1', fake.address])

  startAgent(path, { collectors: [counted('process', 'row')] })

  await eventually(() => fake.host.line.length).toBeGreaterThan(0)
})

/** Lets an agent run until the console has a record with this text. */
async function runUntil(path: string, fake: FakeConsole, text: string): Promise<void> {
  const agent = startAgent(path, { collectors: [counted('process', text)] })
  await eventually(() => recordsOf(fake.host.line, 'process')).toContain(`${text} 0`)
  await agent.stop()
}

/** A snapshot of one new row a pass: `text 0`, `text 1`, … */
function counted(id: string, text: string) {
  let number = 0
  return snapshotOf(id, async function* () {
    const readAt = '2026-11-24T10:00:00.000Z'
    const head = { source: id, start: { number }, readAt, method: 'test', unit: 'row', lf: true } as const
    const chunk = toChunk(head, [Buffer.from(`${text} ${number}`)])
    number += 1
    yield { source: id, chunks: [chunk], next: { number } }
  })
}

function welcome(): string {
  const at = '2026-11-24T10:00:00.000Z'
  return JSON.stringify({ type: 'welcome', after: null, window: 1, receivedAt: at, sentAt: at, policy: {} })
}
