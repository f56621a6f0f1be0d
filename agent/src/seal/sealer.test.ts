import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Batch, openBatch, verifyBatch } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, onTestFinished, test } from 'vitest'
import { fileAt, linesOf, testKey } from '../batch.fixture.ts'
import { newBell } from '../bell.ts'
import type { Records } from '../collectors/collector.ts'
import { memoryFolder } from '../folder.fixture.ts'
import { newFakeHost } from '../host.fixture.ts'
import { openDatabase } from '../spool/database.ts'
import { Spool } from '../spool/spool.ts'
import { Sealer } from './sealer.ts'

const source = 'log-file:/var/log/a.log'

test('records are sealed five seconds after the first of them, signed by the host and in their order', async () => {
  const { sealer, host, spool, batches } = await started()

  await sealer.take(lines(['one'], 0))
  await host.advance(3000)
  await sealer.take(lines(['two'], 4))
  await host.advance(1999)
  expect(batches()).toHaveLength(0)
  await host.advance(1)

  const [batch] = batches()
  verifyBatch(nodePrimitives, batch!, testKey.publicKey)
  expect(textOf(batch!)).toEqual(['one', 'two'])
  expect(batch?.header).toMatchObject({
    host: testKey.host,
    seq: 2,
    prev: spool.hashOf(1),
    zone: 'America/New_York',
    utcOffset: -300,
    sealedAt: '2026-11-24T10:00:10.000Z',
    sources: [{ id: source, first: fileAt(0), next: fileAt(8), count: 2 }],
  })
})

test('records are sealed within a second while a person watches, and no longer', async () => {
  const { sealer, host, batches } = await started()
  sealer.watch(10_000)

  await sealer.take(lines(['one'], 0))
  await host.advance(1000)
  expect(batches()).toHaveLength(1)

  await host.advance(10_000)
  await sealer.take(lines(['two'], 4))
  await host.advance(1000)
  expect(batches()).toHaveLength(1)
})

test('half a megabyte is sealed at once', async () => {
  const { sealer, batches } = await started()

  for (let i = 0; i < 5; i++) await sealer.take(lines(['x'.repeat(120_000)], i * 120_001))

  expect(batches().map(({ header }) => header.count)).toEqual([5])
})

test('the rest of a burst does not wait as if at rest; what comes after it does', async () => {
  const { sealer, host, batches } = await started()
  for (let i = 0; i < 5; i++) await sealer.take(lines(['x'.repeat(120_000)], i * 120_001))
  await sealer.take(lines(['the rest'], 600_005))

  await host.advance(99)
  expect(batches()).toHaveLength(1)
  await host.advance(1)
  expect(batches()).toHaveLength(2)

  await sealer.take(lines(['later'], 600_014))
  await host.advance(4999)
  expect(batches()).toHaveLength(2)
  await host.advance(1)
  expect(batches()).toHaveLength(3)
})

test('where a stream begins is sealed before it is asked for more, also when it is silent; then it waits like all', async () => {
  const { sealer, host, batches } = await started()
  const silence: Records = { source: 'login:btmp', chunks: [], next: fileAt(0) }

  await sealer.take(silence, { mayWait: true })
  await sealer.take(lines(['one'], 0), { mayWait: true })
  expect(batches().map(({ header }) => header.sources)).toEqual([
    [{ id: 'login:btmp', first: fileAt(0), next: fileAt(0), count: 0 }],
    [{ id: source, first: fileAt(0), next: fileAt(4), count: 1 }],
  ])

  await sealer.take(lines(['two'], 4), { mayWait: true })
  await host.advance(4999)
  expect(batches()).toHaveLength(2)
})

test('a new stream waits for a full disk, and begins where it did when there is room', async () => {
  const { sealer, host, batches, db } = await started()
  db.exec('PRAGMA max_page_count = 1')

  await sealer.take(lines([noise()], 0), { mayWait: true })
  const later = sealer.take(lines(['two'], 300_001), { mayWait: true })
  await host.advance(5000)
  expect(batches()).toHaveLength(0)

  db.exec('PRAGMA max_page_count = 1000000')
  await host.advance(5000)
  expect(await later).toBe(true)
  expect(batches().map(({ header }) => header.sources)).toEqual([
    [{ id: source, first: fileAt(0), next: fileAt(300_001), count: 1 }],
  ])
})

test('each row of a source begins where the one before ended, in a batch and over batches', async () => {
  const { sealer, host, batches } = await started()

  await sealer.take(lines(['one'], 0))
  await sealer.take(lines(['two'], 4))
  await host.advance(5000)
  await sealer.take(lines(['six'], 8))
  await host.advance(5000)

  expect(batches().map(({ header }) => header.sources)).toEqual([
    [{ id: source, first: fileAt(0), next: fileAt(8), count: 2 }],
    [{ id: source, first: fileAt(8), next: fileAt(12), count: 1 }],
  ])
  expect(batches()[1]?.header.prev).toBe(batches()[0]?.headerHash)
})

test('a silent source is said to be alive once a minute, not with every batch', async () => {
  const { sealer, host, batches } = await started()
  const silence: Records = { source: 'login:btmp', chunks: [], next: { number: 7 } }

  await sealer.take(silence)
  await sealer.take(lines(['one'], 0))
  await host.advance(5000)
  expect(batches()[0]?.header.sources.map(({ id }) => id)).toEqual([source])

  await host.advance(55_000)
  expect(batches()).toHaveLength(2)
  expect(batches()[1]?.header).toMatchObject({
    count: 0,
    sources: [{ id: 'login:btmp', first: { number: 7 }, next: { number: 7 }, count: 0 }],
  })
})

test('a loss stands in the next header with the span it fell into', async () => {
  const { sealer, host, batches } = await started()
  await sealer.take(lines(['one'], 0))
  await host.advance(4000)

  await sealer.miss({ source, lost: { count: 3, cause: 'rotated away' } })
  await sealer.miss({ source, lost: { count: 4, cause: 'rotated away' } })
  await host.advance(1000)

  expect(batches()[0]?.header.lost).toEqual([
    { source, count: 7, cause: 'rotated away', from: '2026-11-24T10:00:05.000Z', to: '2026-11-24T10:00:09.000Z' },
  ])
})

test('a loss of unknown size does not take away what was counted of the same cause', async () => {
  const { sealer, host, batches } = await started()
  await sealer.take(lines(['one'], 0))
  for (const count of [3, null, 4, null]) await sealer.miss({ source, lost: { count, cause: 'rotated away' } })
  await host.advance(5000)

  expect(batches()[0]?.header.lost.map(({ count }) => count)).toEqual([7, null])
})

test('on a full disk everybody waits, and when there is room nothing is missing and nothing is twice', async () => {
  const { sealer, host, batches, db, recovered } = await started()
  await sealer.take(lines(['one'], 0))
  await host.advance(5000)
  db.exec('PRAGMA max_page_count = 1')

  await sealer.take(lines([noise()], 4))
  await host.advance(5000)
  expect(sealer.fullSinceMs()).toBe(host.now())
  expect(sealer.positionOf(source)).toEqual(fileAt(300_005))
  const later = sealer.take(lines(['six'], 300_005))
  await host.advance(60_000)
  expect(batches()).toHaveLength(1)

  db.exec('PRAGMA max_page_count = 1000000')
  await host.advance(5000)
  expect(await later).toBe(true)
  await host.advance(5000)
  expect(batches().flatMap(({ header }) => header.sources.map(({ first, next }) => [first, next]))).toEqual([
    [fileAt(0), fileAt(4)],
    [fileAt(4), fileAt(300_005)],
    [fileAt(300_005), fileAt(300_009)],
  ])
  expect(recovered).toHaveLength(1)
})

test('a stream waits while the console is behind; what cannot wait goes on', async () => {
  const { sealer, host, spool, bell } = await started()
  await sealer.take(lines([noise()], 0))
  await sealer.seal()
  spool.setBudget(spool.usage().unackedBytes)

  const waits = sealer.take(lines(['two'], 300_001), { mayWait: true })
  expect(await sealer.take({ ...lines(['row'], 0, 'process') })).toBe(true)
  await host.settle()
  expect(sealer.positionOf(source)).toEqual(fileAt(300_001))

  spool.markHeld({ seq: 2, upTo: true })
  spool.setBudget(1e9)
  bell.ring()
  expect(await waits).toBe(true)
})

test('a burst that the console does not take fills the spool to its budget, and nothing of it is let go', async () => {
  const { sealer, spool, host, batches } = await started()
  spool.setBudget(3_000_000)
  const stop = new AbortController()

  const placeOf = () => sealer.positionOf(source) ?? fileAt(0)
  for (let before = -1, at = 0; at > before; ) {
    before = at
    void sealer.take(lines([noise()], at), { mayWait: true, signal: stop.signal })
    await host.settle()
    at = (placeOf() as { offset: number }).offset
  }
  stop.abort()
  await sealer.seal()

  expect(placeOf()).toEqual(fileAt(300_001 * batches().reduce((sum, { header }) => sum + header.count, 0)))
  expect(spool.lost()).toEqual({ records: 0, uncounted: 0 })
  expect(spool.usage().unackedBytes).toBeGreaterThan(2_000_000)
})

test('a hand-over that cannot be sealed is refused alone', async () => {
  const { sealer, batches } = await started()
  const good = lines(['one'], 0)
  const chunk = good.chunks[0]!
  const bad: Records[] = [
    { ...good, source: 'Not A Source' },
    { ...good, source: 'login:btmp' },
    { ...good, chunks: [{ ...chunk, lengths: [2] }] },
    { ...good, chunks: [{ ...chunk, bytes: Buffer.from('onex') }] },
    { ...good, chunks: [{ ...chunk, head: { ...chunk.head, readAt: 'today' } }] },
    { ...good, chunks: [{ ...chunk, jumps: new Map([[0, -1]]) }] },
    { ...good, chunks: Array.from({ length: 50_001 }, () => chunk) },
    { ...good, next: { offset: -1, file: fileAt(0).file } },
  ]

  for (const records of bad) await expect(sealer.take(records)).rejects.toMatchObject({ code: 'hand-over-malformed' })
  await sealer.take(good)
  await sealer.seal()

  expect(batches().map(textOf)).toEqual([['one']])
})

test('the bytes of a hand-over may be used again as soon as it was taken', async () => {
  const { sealer, batches } = await started()
  const records = lines(['one'], 0)

  await sealer.take(records)
  Buffer.from(records.chunks[0]!.bytes.buffer, records.chunks[0]!.bytes.byteOffset, 4).fill(0)
  await sealer.seal()

  expect(batches().map(textOf)).toEqual([['one']])
})

test('sources without end are spread over several headers, none over its limit', async () => {
  const { sealer, batches } = await started()

  for (let i = 0; i < 1000; i++) await sealer.take(lines(['x'], 0, `log-file:/${'ä'.repeat(200)}/${i}`))
  await sealer.seal()

  expect(batches().length).toBeGreaterThan(3)
  expect(batches().flatMap(textOf)).toHaveLength(1000)
})

/** A sealer at work on an empty spool, its first sign of life already given. */
async function started() {
  const db: DatabaseSync = openDatabase(join(memoryFolder(), 'spool.db'))
  const spool = new Spool(db, 1e9)
  spool.beginChain({ host: testKey.host })
  const host = newFakeHost()
  const bell = newBell(host)
  const recovered: number[] = []
  const options = { host, spool, key: () => testKey, changed: bell, recovered: (at: number) => recovered.push(at) }
  const sealer = new Sealer(options)
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  void sealer.run(stop.signal)
  // The first batch says soon who is alive; these tests are about those after it.
  await sealer.take({ source: 'agent:run', chunks: [], next: { number: 0 } })
  await host.advance(5000)
  const batches = (): Batch[] => {
    const all: Batch[] = []
    for (let batch = spool.next(1); batch !== undefined; batch = spool.next(batch.header.seq)) all.push(batch)
    return all
  }
  return { sealer, host, spool, batches, db, bell, recovered }
}

function lines(texts: string[], offset: number, id = source): Records {
  const chunk = linesOf(id, texts, offset)
  return { source: id, chunks: [chunk], next: fileAt(offset + chunk.bytes.length) }
}

/** 300,000 bytes that do not compress well. */
function noise(): string {
  let text = ''
  while (text.length < 300_000) text += Math.random().toString(36).slice(2)
  return text.slice(0, 300_000)
}

function textOf(batch: Batch): string[] {
  return openBatch(nodePrimitives, batch).chunks.flatMap(({ bytes, starts, ends }) =>
    Array.from(starts, (start, i) => Buffer.from(bytes.subarray(start, ends[i])).toString()),
  )
}
