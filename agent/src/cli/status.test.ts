import { expect, onTestFinished, test } from 'vitest'
import { enrolledFolder, eventually, snapshotOf, startAgent } from '../agent.fixture.ts'
import { holdDataFolder, lookInto } from '../data-folder.ts'
import { newFastHost } from '../fast-host.fixture.ts'
import { temporaryFolder } from '../folder.fixture.ts'
import { readStatus } from '../status.ts'
import { startFakeConsole } from '../uplink/console.fixture.ts'
import { runCommand } from './command.fixture.ts'
import { status } from './status.ts'

test('of a running agent it says how it stands, source by source, and of one that ended when it was last seen', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const failing = snapshotOf('process', async function* () {
    yield* []
    throw new Error('the list \u001b[31mcannot be read')
  })
  const agent = startAgent(path, { collectors: [failing] })
  await eventually(() => readStatus(lookInto(path))?.status).toMatchObject({
    connected: true,
    lastAckAt: expect.any(String),
    sources: expect.arrayContaining([
      expect.objectContaining({ id: 'process', state: 'failed' }),
      expect.objectContaining({ id: 'agent:artifact' }),
      expect.objectContaining({ id: 'agent:gap' }),
    ]),
  })

  const running = await runCommand(status, ['status', '--data', path])
  const document = await runCommand(status, ['status', '--json', '--data', path])
  await agent.stop()
  const stopped = await runCommand(status, ['status', '--json', '--data', path])

  expect(running.status).toBe(0)
  expect(running.stdout).toMatch(/^Agent {8}runs for .* ok$/m)
  // What the agent says of itself is no source that anybody counts.
  expect(running.stdout).toMatch(/^Sources {6}0 of 1 are watched/m)
  expect(running.stdout).not.toContain('agent:run')
  expect(running.stdout).toMatch(/^Connection {3}online for .* ok$/m)
  expect(running.stdout).toMatch(/^Caps {9}25 % of one CPU, 200 MB of memory, .* ok$/m)
  expect(running.stdout).toMatch(
    /^ {13}process: the list \\u\{1b\}\[31mcannot be read +PROBLEM\n {13}Fix: nothing to be switched on$/m,
  )
  expect(JSON.parse(document.stdout)).toMatchObject({
    host: [...fake.hosts.keys()][0],
    console: fake.address.slice('wss://'.length),
    connected: true,
    running: true,
    lost: 0,
    lostUncounted: 0,
    spool: { batches: expect.any(Number), bytes: expect.any(Number), unacked: expect.any(Number) },
    cpuPercent: expect.any(Number),
    rssBytes: expect.any(Number),
    caps: [
      { cap: 'cpuPercent', limit: 25, use: expect.any(Number) },
      { cap: 'memoryMb', limit: 200, use: 60 },
      { cap: 'spoolMb', limit: 1024, use: expect.any(Number) },
      { cap: 'kilobytesPerSecond', limit: 2000, use: expect.any(Number) },
    ],
    sources: expect.arrayContaining([
      {
        id: 'process',
        state: 'failed',
        why: 'the list \u001b[31mcannot be read',
        fix: 'nothing to be switched on',
        records: 0,
        position: null,
      },
      { id: 'agent:artifact', state: 'ok', records: expect.any(Number), position: { number: expect.any(Number) } },
      { id: 'agent:gap', state: 'ok', records: expect.any(Number), position: { number: expect.any(Number) } },
    ]),
  })
  expect(JSON.parse(stopped.stdout)).toMatchObject({ connected: false, running: false, since: expect.any(String) })
})

test.each([
  [[], /^Lost {9}nothing since the enrolment +ok$/m, { lost: 0, lostUncounted: 0 }],
  [[3], /^Lost {9}3 records since the enrolment, .*note$/m, { lost: 3, lostUncounted: 0 }],
  [[3, null], /^Lost {9}at least 3 records; 1 loss of unknown size .*note$/m, { lost: 3, lostUncounted: 1 }],
  [[null], /^Lost {9}1 loss of unknown size .*note$/m, { lost: 0, lostUncounted: 1 }],
])('of losses %j it says what is known of their size', async (counts, line, numbers) => {
  const path = await enrolledFolder(await startFakeConsole())
  let isTold = false
  const losing = snapshotOf('journal', async function* () {
    if (!isTold)
      for (const [i, count] of counts.entries()) yield { source: 'journal', lost: { count, cause: `cause ${i}` } }
    isTold = true
  })
  startAgent(path, { collectors: [losing] })
  await eventually(() => readStatus(lookInto(path))?.status).toMatchObject(numbers)

  const { stdout } = await runCommand(status, ['status', '--data', path])
  const document = await runCommand(status, ['status', '--json', '--data', path])

  expect(stdout).toMatch(line)
  expect(JSON.parse(document.stdout)).toMatchObject(numbers)
})

test('what an agent said before its disk took no more words is not taken for now', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const agent = startAgent(path, { collectors: [] })
  await eventually(() => readStatus(lookInto(path))?.status.connected).toBe(true)
  await agent.stop()
  const folder = holdDataFolder(path)
  onTestFinished(() => folder.release())
  const note = JSON.parse(String(folder.read('status.json')))
  folder.write('status.json', JSON.stringify({ ...note, at: new Date(Date.now() - 120_000).toISOString() }))

  const { stdout } = await runCommand(status, ['status', '--data', path])

  expect(stdout).toMatch(/^Agent {8}runs, and could leave no word for 2 min/m)
  expect(stdout).toContain('PROBLEM')
})

test('of histories that are over it tells those that were read whole from those that were not', async () => {
  const path = await enrolledFolder(await startFakeConsole())
  const agent = startAgent(path, { collectors: [] })
  await eventually(() => readStatus(lookInto(path))?.status.connected).toBe(true)
  await agent.stop()
  const folder = holdDataFolder(path)
  onTestFinished(() => folder.release())
  const note = JSON.parse(String(folder.read('status.json')))
  const sources = [3, 4].map((done) => ({
    id: `log-file:history:/var/log/${done}.log`,
    state: 'ok',
    backfill: { unit: 'byte', done: 9, total: 9, files: { done, total: 4 }, finishedAt: note.at },
    records: 1,
    position: null,
  }))
  folder.write('status.json', JSON.stringify({ ...note, status: { ...note.status, sources } }))

  const { stdout } = await runCommand(status, ['status', '--data', path])

  const text = stdout.replaceAll(/\n +/g, ' ')
  expect(text).toContain('/var/log/3.log: history read: 3 of 4 files, 1 could not be read whole: see its losses')
  expect(text).toContain('of 1 source it was read to its end')
})

test('of an agent that never ran it says so', async () => {
  const path = await enrolledFolder(await startFakeConsole())

  const { status: exit, stdout } = await runCommand(status, ['status', '--data', path])

  expect(exit).toBe(0)
  expect(stdout).toMatch(/^Agent {8}never ran here .*PROBLEM$/m)
  expect(stdout.replaceAll(/\n +/g, ' ')).toContain(`Fix: tidewaiter-agent run --data ${path}`)
  expect(stdout).not.toContain('systemctl')
})

test('where the unit of the agent is installed, it is started by it', async () => {
  const path = await enrolledFolder(await startFakeConsole())
  const openHost = () => ({
    ...newFastHost(10),
    has: () => true,
    async *run() {
      yield Buffer.from('LoadState=loaded\nActiveState=inactive\nUnitFileState=disabled\n')
    },
  })

  const { stdout } = await runCommand(status, ['status', '--data', path], { openHost })

  expect(stdout.replaceAll(/\n +/g, ' ')).toContain('Fix: systemctl start tidewaiter-agent.service')
})

test('a folder that is not enrolled is a problem with its fix', async () => {
  const { status: exit, stderr } = await runCommand(status, ['status', '--data', temporaryFolder()])

  expect(exit).toBe(1)
  expect(stderr.replaceAll('\n', ' ')).toContain('tidewaiter-agent enroll --token-file FILE')
})
