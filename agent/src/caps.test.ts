import { randomBytes } from 'node:crypto'
import type { CapState } from '@tidewaiter/protocol'
import { expect, test } from 'vitest'
import {
  chunkOf,
  enrolledFolder,
  eventually,
  ownRecords,
  pass,
  recordsOf,
  snapshotOf,
  startAgent,
} from './agent.fixture.ts'
import type { Collector } from './collectors/collector.ts'
import { lookInto } from './data-folder.ts'
import { newFastHost } from './fast-host.fixture.ts'
import { readStatus } from './status.ts'
import { type FakeConsole, startFakeConsole } from './uplink/console.fixture.ts'

test('a log without end delays no snapshot: each gets its turn under the cap on CPU, which is told with the reason', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const use = { cpuMs: 0 }
  const host = { ...newFastHost(), use: { ...quiet, cpuMs: () => use.cpuMs } }
  const takenAt: number[] = []
  const snapshot = snapshotOf('process', async function* () {
    takenAt.push(host.steady())
    yield* pass('process', ['one row'])
  })
  const log = endless('journal', () => {
    use.cpuMs += 100
    return ['a line']
  })

  const agent = startAgent(path, { host, collectors: [log, snapshot] })
  await eventually(() => takenAt.length).toBeGreaterThan(20)
  await eventually(() => bitesIn(fake)).toContainEqual(
    expect.objectContaining({ cap: 'cpuPercent', why: 'Its CPU cap of 25 % of one core slows it down.' }),
  )
  await eventually(() => ownRecords(fake.host.line, 'agent:run', 'use').length).toBeGreaterThan(0)
  const seconds = host.steady() / 1000
  await agent.stop()

  expect(readStatus(lookInto(path))?.status.caps).toContainEqual(
    expect.objectContaining({ cap: 'cpuPercent', since: expect.any(String) }),
  )
  const pauses = takenAt.slice(1).map((at, i) => at - (takenAt[i] ?? 0))
  // Every 5 s, and behind one piece of the log: 400 ms at this cap.
  expect(pauses.sort((a, b) => a - b)[Math.floor(pauses.length / 2)]).toBeLessThan(7_000)
  expect(use.cpuMs / 1000).toBeLessThan(seconds * 0.25 + 1)
  expect(ownRecords(fake.host.line, 'agent:run', 'use')[0]).toMatchObject({
    since: expect.any(String),
    cpuPercent: expect.closeTo(25, -1),
    rssBytes: 60_000_000,
    spoolBytes: expect.any(Number),
    sentBytes: expect.any(Number),
    caps: [{ cap: 'cpuPercent', limit: 25, times: expect.any(Number), seconds: expect.any(Number) }],
  })
})

test('while the console takes nothing, logs wait where they are once the spool is full, and nothing is lost', async () => {
  const fake = await startFakeConsole()
  fake.answer = () => 'withhold'
  const path = await enrolledFolder(fake)
  let given = 0
  const log = endless('journal', () => {
    given += 1
    return [randomBytes(100_000).toString('base64')]
  })

  const agent = startAgent(path, { collectors: [log], config: { caps: { spoolMb: 3 } } })

  await eventually(() => bitesIn(fake)).toContainEqual({
    cap: 'spoolMb',
    limit: 3,
    use: expect.any(Number),
    since: expect.any(String),
    why: expect.stringMatching(/^2\.\d MB in its spool wait for the console, and its cap is 3 MB: logs wait/),
  })
  const waiting = given
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(given).toBe(waiting)
  fake.answer = () => 'ack'
  fake.drop()
  await eventually(() => given).toBeGreaterThan(waiting + 20)
  await agent.stop()
  expect(fake.host.line.flatMap(({ header }) => header.lost)).toEqual([])
})

test('batches wait for the wire, and signs of life do not', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const host = newFastHost()
  const line = randomBytes(3_000).toString('base64')
  const log = endless('journal', () => [line], 1_000)

  startAgent(path, { host, collectors: [log], config: { caps: { kilobytesPerSecond: 1 } } })
  await eventually(() => bitesIn(fake)).toContainEqual(expect.objectContaining({ cap: 'kilobytesPerSecond' }))
  const [startedMs, states] = [host.steady(), statesOf(fake).length]
  await eventually(() => host.steady() - startedMs).toBeGreaterThan(100_000)

  const told = statesOf(fake).length - states
  expect(told).toBeGreaterThanOrEqual(Math.floor((host.steady() - startedMs) / 10_000) - 2)
  const bytes = fake.host.line.reduce((sum, batch) => sum + batch.bytes.length, 0)
  const control = statesOf(fake).reduce((sum, state) => sum + JSON.stringify(state).length, 0)
  // The newest batch may be larger than what one second takes.
  const newest = fake.host.line.at(-1)?.bytes.length ?? 0
  expect(bytes - newest + control).toBeLessThan((host.steady() / 1000 + 1) * 1_000)
})

test('an agent that holds too much memory for a minute says so in its chain and ends in order, to be started again', async () => {
  const fake = await startFakeConsole()
  const path = await enrolledFolder(fake)
  const use = { rss: 60_000_000 }
  const host = { ...newFastHost(), use: { ...quiet, rssBytes: () => use.rss } }
  let given = 0
  const log = endless(
    'journal',
    () => {
      given += 1
      return [`line ${given}`]
    },
    100,
  )
  const agent = startAgent(path, { host, collectors: [log] })
  await eventually(() => recordsOf(fake.host.line, 'journal').length).toBeGreaterThan(3)

  use.rss = 250_000_000
  const atFirst = given

  expect(await agent.done).toMatchObject({ code: 'memory-outgrown' })
  expect(given).toBeLessThanOrEqual(atFirst + 1)
  expect(recordsOf(fake.host.line, 'journal').length).toBeGreaterThanOrEqual(given - 1)
  expect(ownRecords(fake.host.line, 'agent:run', 'stopped')).toMatchObject([
    {
      cause: 'restarting',
      code: 'memory-outgrown',
      says: expect.stringContaining('holds 250 MB for a minute, and its memory cap is 200 MB'),
    },
  ])
  expect(bitesIn(fake)).toContainEqual(expect.objectContaining({ cap: 'memoryMb', use: 250 }))
})

const quiet = { cpuMs: () => 0, rssBytes: () => 60_000_000, collectGarbage: () => {} }

/** A stream that always has more, or more after each pause. */
function endless(id: string, next: () => string[], pauseMs = 0): Collector {
  const { every: _, ...stream } = snapshotOf(id, () => pass(id, []))
  return {
    ...stream,
    async *collect(host, signal) {
      for (let number = 1; !signal.aborted; number++) {
        yield { source: id, chunks: [chunkOf(id, next())], next: { number } }
        if (pauseMs > 0) await host.sleep(pauseMs, signal)
        else await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

function statesOf(fake: FakeConsole) {
  return fake.host.messages.filter((message) => message.type === 'state')
}

/** Every cap that an agent said slows it down. */
function bitesIn(fake: FakeConsole): CapState[] {
  return statesOf(fake).flatMap(({ caps = [] }) => caps.filter(({ since }) => since !== undefined))
}
