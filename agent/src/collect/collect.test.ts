import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CollectionPart, openBatch, readCollection, recordBytes } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, test } from 'vitest'
import { linesOf } from '../batch.fixture.ts'
import type { Collector, From, Taken } from '../collectors/collector.ts'
import { temporaryFolder } from '../folder.fixture.ts'
import { newFakeHost } from '../host.fixture.ts'
import { collect } from './collect.ts'
import { type Bounds, boundsOf } from './profile.ts'

const log = 'log-file:/var/log/a.log'
const all: Bounds = { once: {}, sinceMs: Number.NEGATIVE_INFINITY, mostBytes: Number.POSITIVE_INFINITY }

test('snapshots come before logs, logs before what walks over the disk, and the end says what came of each source', async () => {
  const asked: string[] = []
  const { done, parts } = await collected([
    fake('log-file', [{ source: log, chunks: [linesOf(log, ['one', 'two'])], next: { number: 2 } }], { asked }),
    fake('suid', [], { asked, every: 1, mayTakeMs: 1 }),
    fake('process', [{ source: 'process', chunks: [], next: { number: 2 } }], { asked, every: 1 }),
  ])

  expect(asked).toEqual(['process', 'log-file', 'suid'])
  expect(textsOf(parts, log)).toEqual(['one', 'two'])
  expect(parts.at(-1)).toMatchObject({
    is: 'end',
    end: { complete: true, batches: done.batches, records: done.records },
  })
  expect(done.complete).toBe(true)
  expect(done.sources).toEqual([
    { id: log, state: 'covered', records: 2, lost: [] },
    { id: 'process', state: 'covered', records: 0, lost: [] },
  ])
  expect(kindsOf(parts, 'agent:run')).toEqual(['collection-began', 'collectors', 'collected', 'collected'])
  expect(kindsOf(parts, 'agent:collection')).toEqual(['collection-ended'])
})

test('what is lost, not there, left out or fails is told apart, and keeps nothing else from being read', async () => {
  const { done, parts } = await collected(
    [
      fake('process', new Error('no /proc'), { every: 1 }),
      fake('journal', [{ source: 'journal:system', state: 'not-enabled', why: 'None.', fix: 'Install it.' }]),
      fake('log-file', [
        { source: log, chunks: [linesOf(log, ['one'])], next: { number: 1 } },
        { source: log, lost: { count: 3, cause: 'rotated' } },
        { source: log, lost: { count: 4, cause: 'rotated' } },
        { source: log, lost: { count: null, cause: 'removed' } },
      ]),
      fake('login', []),
    ],
    { config: { sources: ['process', 'journal', 'log-file'] } },
  )

  expect(done.sources).toMatchObject([
    { id: 'journal:system', state: 'not-enabled', why: 'None.', fix: 'Install it.' },
    {
      id: log,
      state: 'lost',
      records: 1,
      lost: [
        { count: 7, cause: 'rotated' },
        { count: null, cause: 'removed' },
      ],
    },
    { id: 'login', state: 'not-enabled', why: expect.stringContaining('configuration') },
    { id: 'process', state: 'not-read', why: 'no /proc' },
  ])
  expect(done.complete).toBe(true)
  const losses = batchesOf(parts).flatMap(({ header }) => header.lost)
  expect(losses.map(({ source, count, cause }) => [source, count, cause])).toEqual([
    [log, 7, 'rotated'],
    [log, null, 'removed'],
  ])
  expect(textsOf(parts, 'agent:gap').map((text) => JSON.parse(text).collector)).toEqual(['process'])
})

test('one that is stopped has what was read until then, and says that it did not come to its end', async () => {
  const stop = new AbortController()
  const half = fake('log-file', [{ source: log, chunks: [linesOf(log, ['one'])], next: { number: 1 } }], {
    behind: () => stop.abort(),
  })
  const { done, parts } = await collected([half, fake('suid', [], { every: 1, mayTakeMs: 1 })], { stop: stop.signal })

  expect(done).toMatchObject({ complete: false, why: expect.stringContaining('stopped by a signal') })
  expect(textsOf(parts, log)).toEqual(['one'])
  expect(parts.at(-1)).toMatchObject({ is: 'end', end: { complete: false } })
  expect(done.sources.filter(({ state }) => state === 'not-read').map(({ id }) => id)).toEqual(['log-file', 'suid'])
})

test('one collector gives so much, and it is said where it stopped', async () => {
  const takens = Array.from(
    { length: 9 },
    (_, i): Taken => ({ source: log, chunks: [linesOf(log, ['x'.repeat(1000)])], next: { number: i + 1 } }),
  )
  const bounded = await collected([fake('log-file', takens), fake('login', [])], {
    bounds: { ...all, mostBytes: 5000 },
  })
  const whole = await collected([fake('log-file', takens)])

  expect(bounded.done.sources).toMatchObject([{ id: log, state: 'not-read', records: 5, why: expect.any(String) }])
  expect(whole.done.sources).toMatchObject([{ state: 'covered', records: 9 }])
})

test('of a log it is said what the profile left out of it for being older', async () => {
  const takens: Taken[] = [{ source: log, chunks: [], next: { number: 1 } }]
  const snapshot = fake('process', [{ source: 'process', chunks: [], next: { number: 1 } }], { every: 1 })
  const { done } = await collected([fake('log-file', takens), snapshot], { bounds: { ...all, sinceMs: 0 } })

  expect(done.sources).toEqual([
    {
      id: log,
      state: 'covered',
      records: 0,
      lost: [],
      why: expect.stringContaining('before 1970-01-01T00:00:00.000Z'),
    },
    { id: 'process', state: 'covered', records: 0, lost: [] },
  ])
})

test('triage is bounded by time and bytes, full by neither', () => {
  const nowMs = Date.parse('2026-11-27T10:00:00.000Z')
  expect(boundsOf('triage', nowMs)).toEqual({
    once: { newestBytes: 64_000_000 },
    sinceMs: Date.parse('2026-11-20T10:00:00.000Z'),
    mostBytes: 512_000_000,
  })
  expect(boundsOf('full', nowMs)).toEqual(all)
})

test('a file is never overwritten, and holds nothing of the key that signed it', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'a.tide')
  writeFileSync(path, 'evidence')

  await expect(collected([], { path })).rejects.toMatchObject({ code: 'collection-unwritable' })
  expect(readFileSync(path, 'utf8')).toBe('evidence')
})

interface Faked {
  every?: number
  mayTakeMs?: number
  asked?: string[]
  /** Called behind the last hand-over. */
  behind?(): void
}

function fake(id: string, takens: readonly Taken[] | Error, { asked, behind, ...timing }: Faked = {}): Collector {
  const words = { reads: '', needs: 'Nothing.', cannotSee: '', provenOn: '' }
  return {
    id,
    resource: 'Operating System files',
    platforms: ['linux'],
    ...words,
    ...timing,
    async *collect(_host, _signal, from: From) {
      asked?.push(id)
      expect(from.once).toBeDefined()
      if (takens instanceof Error) throw takens
      yield* takens
      behind?.()
    },
  }
}

async function collected(
  collectors: Collector[],
  { config = {}, stop = new AbortController().signal, path = join(temporaryFolder(), 'x.tide'), bounds = all } = {},
) {
  const progress = { begins() {}, moves() {}, ends() {} }
  const host = newFakeHost()
  const from = {
    host,
    collectors,
    config,
    profile: 'full' as const,
    bounds,
    path,
    recipients: [],
    data: join(path, '..', 'none'),
  }
  const done = await collect({ ...from, progress }, stop)
  const parts: CollectionPart[] = []
  const bytes = readFileSync(path)
  async function* pieces() {
    yield bytes
  }
  for await (const part of readCollection(nodePrimitives, pieces())) parts.push(part)
  expect(done.bytes).toBe(bytes.length)
  expect(done.sha256).toBe(Buffer.from(nodePrimitives.sha256(bytes)).toString('hex'))
  expect(parts.filter(({ is }) => is === 'damaged')).toEqual([])
  return { done, parts }
}

function batchesOf(parts: readonly CollectionPart[]) {
  return parts.flatMap((part) => (part.is === 'batch' ? [part.batch] : []))
}

function textsOf(parts: readonly CollectionPart[], source: string): string[] {
  return batchesOf(parts).flatMap((batch) =>
    openBatch(nodePrimitives, batch)
      .chunks.filter(({ head }) => head.source === source)
      .flatMap((chunk) =>
        Array.from({ length: chunk.count }, (_, at) => Buffer.from(recordBytes(chunk, at)).toString()),
      ),
  )
}

function kindsOf(parts: readonly CollectionPart[], source: string): string[] {
  return textsOf(parts, source).map((text) => JSON.parse(text).kind)
}
