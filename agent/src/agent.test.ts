import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import {
  chunkOf,
  enrolledFolder,
  eventually,
  ownRecords,
  pass,
  recordsOf,
  rows,
  snapshotOf,
  startAgent,
} from './agent.fixture.ts'
import { lookInto } from './data-folder.ts'
import { refuse } from './error.ts'
import { newFastHost } from './fast-host.fixture.ts'
import { newHostKey, privatePem } from './identity.ts'
import { readStatus } from './status.ts'
import { type FakeConsole, startFakeConsole } from './uplink/console.fixture.ts'

test('what was read is sealed and sent before the agent stops, and it says goodbye', async () => {
  const fake = await startFakeConsole()
  // Not so fast that the console has no time to take what is sent last.
  const host = newFastHost(20)
  const agent = startAgent(await enrolledFolder(fake), { collectors: [rows('process', ['one'])], host })
  await eventually(() => recordsOf(fake.host.line, 'process')).toEqual(['one'])

  await agent.stop()

  expect(ownRecords(fake.host.line, 'agent:run', 'started')).toHaveLength(1)
  expect(ownRecords(fake.host.line, 'agent:run', 'stopped')).toHaveLength(1)
  await eventually(() => fake.host.messages.at(-1)).toEqual({ type: 'bye', reason: 'stopped' })
})

test('each start says how the run before it ended', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  await startAgentOnce(path)

  startAgent(path)

  await eventually(() => ownRecords(fake.host.line, 'agent:run', 'started')).toMatchObject([
    { before: null },
    { before: { ended: 'stopped', at: expect.any(String) } },
  ])
  expect(ownRecords(fake.host.line, 'agent:run', 'stopped')).toMatchObject([{ cause: 'stopped' }])

  async function startAgentOnce(folder: string) {
    const agent = startAgent(folder)
    await eventually(() => ownRecords(fake.host.line, 'agent:run', 'started')).toHaveLength(1)
    await agent.stop()
  }
})

test('a clock that is set is a record, and what was measured of it moves along at once', async () => {
  const fake = await startFakeConsole()
  const host = newFastHost()
  let aheadMs = 0
  const now = () => host.now() + aheadMs
  startAgent(await enrolledFolder(fake), { host: { ...host, now } })
  await eventually(() => ownRecords(fake.host.line, 'agent:run', 'started')).toHaveLength(1)
  const offsets = () => fake.host.line.map(({ header }) => header.clockOffset?.ms ?? 0)

  aheadMs = -3_600_000

  await eventually(() => ownRecords(fake.host.line, 'agent:run', 'clock-step')).toMatchObject([
    { ms: expect.any(Number), before: expect.any(String), after: expect.any(String) },
  ])
  const [step] = ownRecords(fake.host.line, 'agent:run', 'clock-step')
  expect(Number(step?.ms) / 3_600_000).toBeCloseTo(-1, 2)
  await eventually(() => Math.min(...offsets())).toBeLessThan(-3_000_000)
})

test('the console narrows the policy, and the policy in force is sealed whenever it changes', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const passes = { process: 0, login: 0 }
  const collectors = (['process', 'login'] as const).map((id) =>
    snapshotOf(id, async function* () {
      passes[id] += 1
      yield* pass(id, ['row'])
    }),
  )
  const config = { allow: ['mail' as const] }
  const agent = startAgent(path, { collectors, config })
  await eventually(() => passes.login).toBeGreaterThan(0)

  fake.policy = { sources: ['process'], allow: ['home'] }
  fake.send({ type: 'policy', policy: { sources: ['process'], allow: ['home'] } })

  await eventually(() => ownRecords(fake.host.line, 'agent:policy', 'policy')).toMatchObject([
    { policy: { allow: ['mail'] } },
    { policy: { allow: ['mail'], sources: ['process'] }, fromConsole: { sources: ['process'] } },
  ])
  const stoppedAt = passes.login
  await eventually(() => passes.process).toBeGreaterThan(5)
  expect(passes.login).toBe(stoppedAt)

  await agent.stop()
  startAgent(path, { collectors, config })
  await eventually(() => ownRecords(fake.host.line, 'agent:run', 'started')).toHaveLength(2)
  expect(ownRecords(fake.host.line, 'agent:policy', 'policy')).toHaveLength(2)
})

test('while the console holds, nothing is sent; then everything is', async () => {
  const fake = await startFakeConsole()
  let count = 0
  const collector = snapshotOf('process', () => pass('process', [`row ${count++}`]))
  startAgent(await enrolledFolder(fake), { collectors: [collector] })
  await eventually(() => fake.host.line.length).toBeGreaterThan(1)

  fake.send({ type: 'hold', says: 'The disk is full.' })
  const heldAt = count
  await eventually(() => count).toBeGreaterThan(heldAt + 5)
  const held = recordsOf(fake.host.line, 'process').length
  expect(held).toBeLessThan(heldAt + 2)

  fake.send({ type: 'resume' })
  await eventually(() => recordsOf(fake.host.line, 'process').length).toBeGreaterThan(heldAt + 5)
})

test('a collector that fails or hangs is a gap in the evidence, and no other waits for it', async () => {
  const fake = await startFakeConsole()
  let good = 0
  const collectors = [
    snapshotOf('failing', async function* () {
      yield* []
      throw new Error('the log cannot be read')
    }),
    snapshotOf('hanging', async function* () {
      yield* []
      await new Promise(() => {})
    }),
    snapshotOf('broken', async function* () {
      yield { source: 'login', chunks: [{ ...chunkOf('login', ['x']), lengths: [99] }], next: { number: 1 } }
    }),
    snapshotOf('process', () => pass('process', [`row ${good++}`])),
  ]
  const path = await enrolledFolder(fake)

  const agent = startAgent(path, { collectors, host: newFastHost(400) })

  const gaps = () => ownRecords(fake.host.line, 'agent:gap', 'gap').map(({ collector, code }) => `${collector} ${code}`)
  await eventually(() => [...new Set(gaps())].sort()).toEqual([
    'broken hand-over-malformed',
    'failing unknown',
    'hanging pass-too-long',
  ])
  await eventually(() => recordsOf(fake.host.line, 'process').length).toBeGreaterThan(3)
  await eventually(() => readStatus(lookInto(path))?.status.sources).toMatchObject([
    { id: 'broken', state: 'failed' },
    { id: 'failing', state: 'failed', why: 'the log cannot be read', fix: 'nothing to be switched on' },
    { id: 'hanging', state: 'failed' },
    { id: 'process', state: 'ok' },
    { id: 'agent:artifact', state: 'ok' },
    { id: 'agent:gap', state: 'ok' },
    { id: 'agent:policy' },
    { id: 'agent:run' },
    { id: 'agent:task' },
  ])
  await agent.stop()
})

test('where the volume runs short, what the console has already is not kept', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  let count = 0
  const collector = snapshotOf('process', () => pass('process', [`row ${count++}`]))
  const host = { ...newFastHost(), space: () => ({ free: 1e6, total: 1e9 }) }

  const agent = startAgent(path, { collectors: [collector], host })

  await eventually(() => fake.host.line.length).toBeGreaterThan(8)
  await eventually(() => readStatus(lookInto(path))?.status.spool.batches).toBeLessThan(6)
  await agent.stop()
  expect(readStatus(lookInto(path))?.status.lost).toBe(0)
})

test('a spool that is damaged is put aside by name, and a new chain goes on from the end of the old', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  await run(path, fake)
  const old = fake.host
  const newest = old.line.at(-1)
  writeFileSync(join(path, 'spool.db'), 'no database '.repeat(500))

  const agent = startAgent(path, { collectors: [rows('process', ['two'])] })

  await eventually(() => fake.hosts.size).toBe(2)
  await eventually(() => fake.host.line.length).toBeGreaterThan(0)
  expect(ownRecords(old.branch, 'agent:run', 'spool-set-aside')).toMatchObject([
    { file: expect.stringMatching(/^spool-damaged-.*\.db$/) },
  ])
  expect(newest?.header.lineage).toBeUndefined()
  const [first] = fake.host.line
  expect(first?.header).toMatchObject({ seq: 1, prev: null, lineage: { header: old.branch.at(-1)?.headerHash } })
  await agent.stop()
})

test('damage that a running agent meets makes it put the spool aside and go on, without anybody who starts it again', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  await run(path, fake)
  const db = new DatabaseSync(join(path, 'spool.db'))
  db.exec("UPDATE body SET bytes = x'00'")
  db.close()
  const old = fake.host
  fake.welcomeAfter = () => null

  let count = 0
  const collector = snapshotOf('process', () => pass('process', [`row ${count++}`]))
  const agent = startAgent(path, { collectors: [collector] })
  await eventually(() => readdirSync(path)).toContainEqual(expect.stringMatching(/^spool-damaged-.*\.db$/))
  fake.welcomeAfter = undefined

  await eventually(() => fake.hosts.size).toBe(2)
  await eventually(() => ownRecords(old.branch, 'agent:run', 'spool-set-aside')).toHaveLength(1)
  await eventually(() => recordsOf(fake.host.line, 'process').length).toBeGreaterThan(3)
  await agent.stop()
})

test('what fails for want of room while the agent runs makes it begin anew, not end', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  let looks = 0
  const space = () => {
    looks += 1
    if (looks === 2) throw refuse('spool-full', 'The spool cannot be read.')
    return { free: 1e12, total: 1e12 }
  }
  const agent = startAgent(path, { host: { ...newFastHost(), space } })

  await eventually(() => ownRecords(fake.host.line, 'agent:run', 'started')).toHaveLength(2)
  await agent.stop()
})

test('a spool that was put aside before a sudden death is named by the next start, and by no other', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  writeFileSync(join(path, 'spool-damaged-2026-11-24T100000000Z.db'), 'what is left of it')

  await run(path, fake)
  await run(path, fake)

  expect(ownRecords(fake.host.line, 'agent:run', 'spool-set-aside')).toMatchObject([
    { file: 'spool-damaged-2026-11-24T100000000Z.db' },
  ])
  expect(fake.host.line.flatMap(({ header }) => header.lost)).toMatchObject([
    { source: 'agent:spool', count: null, cause: expect.stringContaining('the spool was damaged') },
  ])
})

test('spools that were put aside count for the disk: the oldest goes where they take too much, and that is said before', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const names = ['2026-11-22', '2026-11-23', '2026-11-24'].map((day) => `spool-damaged-${day}T100000000Z.db`)
  for (const name of names) writeFileSync(join(path, name), Buffer.alloc(7_000_000))
  writeFileSync(join(path, `${names[0]}-wal`), Buffer.alloc(3_000_000))

  const agent = startAgent(path, { config: { caps: { spoolMb: 20 } } })

  await eventually(() => ownRecords(fake.host.line, 'agent:run', 'spool-removed')).toEqual([
    expect.objectContaining({ file: names[0], bytes: 10_000_000, records: null }),
  ])
  await eventually(() => readdirSync(path).filter((name) => name.startsWith('spool-damaged'))).toEqual(names.slice(1))
  await agent.stop()
})

test('a console that narrows the disk of a host has the oldest of what was put aside go at once', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const names = ['2026-11-22', '2026-11-23'].map((day) => `spool-damaged-${day}T100000000Z.db`)
  for (const name of names) writeFileSync(join(path, name), Buffer.alloc(9_000_000))
  fake.policy = { caps: { spoolMb: 20 } }
  const agent = startAgent(path, { config: { caps: { spoolMb: 100 } } })

  await eventually(() => readdirSync(path).filter((name) => name.startsWith('spool-damaged'))).toEqual(names.slice(1))
  await eventually(() => ownRecords(fake.host.line, 'agent:run', 'spool-removed')).toMatchObject([{ file: names[0] }])
  await agent.stop()
})

test('a key that a sudden death left of a chain that had ended is destroyed at the next start', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const old = 'host-key-00000000.pem'
  lookInto(path).write(old, privatePem(newHostKey()))

  await run(path, fake)

  expect(readdirSync(path)).not.toContain(old)
})

/** Lets an agent run once, until the console has something of it. */
async function run(path: string, fake: FakeConsole): Promise<void> {
  const before = recordsOf(fake.host?.line ?? [], 'process').length
  const agent = startAgent(path, { collectors: [rows('process', ['one'])] })
  await eventually(() => recordsOf(fake.host.line, 'process').length).toBeGreaterThan(before)
  await agent.stop()
}
