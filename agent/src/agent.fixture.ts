import { type Batch, openBatch } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import pino from 'pino'
import { expect, onTestFinished } from 'vitest'
import { type AgentOptions, runAgent } from './agent.ts'
import { toChunk } from './chunk.ts'
import type { Collector, Taken } from './collectors/collector.ts'
import { holdDataFolder } from './data-folder.ts'
import { newFastHost } from './fast-host.fixture.ts'
import { temporaryFolder } from './folder.fixture.ts'
import { adoptIdentity, newHostKey } from './identity.ts'
import type { FakeConsole } from './uplink/console.fixture.ts'

/** A data folder as an enrolment with this console leaves it. */
export async function enrolledFolder(fake: FakeConsole, addresses = [fake.address]): Promise<string> {
  const path = temporaryFolder()
  const folder = holdDataFolder(path)
  const key = newHostKey()
  const { host, certificate } = await fake.admit(key.publicKey)
  const enrolment = {
    tw: 'enrolment/1' as const,
    host,
    addresses,
    serverName: fake.serverName,
    ca: fake.ca.pem,
    certificate,
    enrolledAt: '2026-11-24T10:00:00.000Z',
  }
  adoptIdentity(folder, { before: undefined, next: { key, enrolment } })
  folder.release()
  return path
}

/** An agent at work in this process, on a clock that runs fast. Stops with the test. */
export function startAgent(path: string, options: Partial<AgentOptions> = {}) {
  const host = newFastHost()
  const folder = holdDataFolder(path)
  const drain = new AbortController()
  const log = pino({ level: 'silent' })
  const done = runAgent({ host, folder, config: {}, files: [], collectors: [], log, ...options }, drain.signal)
  const stop = async () => {
    drain.abort()
    return await done.finally(() => folder.release())
  }
  let isStopped = false
  const stopOnce = () => {
    if (isStopped) return done
    isStopped = true
    return stop()
  }
  onTestFinished(async () => void (await stopOnce().catch(() => {})))
  return { host, done, stop: stopOnce }
}

/** Texts of the records of one source, in their order. */
export function recordsOf(batches: readonly Batch[], source: string): string[] {
  return batches.flatMap((batch) =>
    openBatch(nodePrimitives, batch)
      .chunks.filter(({ head }) => head.source === source)
      .flatMap(({ bytes, starts, ends }) =>
        Array.from(starts, (start, i) => Buffer.from(bytes.subarray(start, ends[i])).toString()),
      ),
  )
}

/** What the agent says of itself, of one kind. */
export function ownRecords(batches: readonly Batch[], source: string, kind: string): Record<string, unknown>[] {
  return recordsOf(batches, source)
    .map((text) => JSON.parse(text))
    .filter((record) => record.kind === kind)
}

/** Looks again until it fits. */
export function eventually(look: () => unknown): ReturnType<typeof expect.poll> {
  return expect.poll(look, { timeout: 10_000, interval: 10 })
}

/** A snapshot that is whatever `pass` gives. */
export function snapshotOf(id: string, pass: (full: boolean, signal: AbortSignal) => AsyncIterable<Taken>): Collector {
  return {
    id,
    resource: 'System logs (including event logs)',
    platforms: ['linux'],
    every: 5_000,
    reads: 'what the test gives',
    needs: 'nothing to be switched on',
    cannotSee: 'anything else',
    provenOn: 'nothing',
    collect: (_, signal, from) => pass(from.takeFull(), signal),
  }
}

/** A snapshot whose rows are handed over once, when it is taken in full for the first time. */
export function rows(id: string, texts: string[]) {
  let isGiven = false
  return snapshotOf(id, async function* () {
    yield* pass(id, isGiven ? [] : texts)
    isGiven = true
  })
}

/** Rows of one source. */
export function chunkOf(source: string, texts: string[]) {
  const head = {
    source,
    start: { number: 0 },
    readAt: '2026-11-24T10:00:00.000Z',
    method: 'test',
    unit: 'row',
    lf: true,
  }
  return toChunk(
    { ...head, unit: 'row' },
    texts.map((text) => Buffer.from(text)),
  )
}

/** A pass that hands over these rows, or is silent. */
export async function* pass(source: string, texts: string[]): AsyncIterable<Taken> {
  yield { source, chunks: texts.length > 0 ? [chunkOf(source, texts)] : [], next: { number: 1 } }
}
