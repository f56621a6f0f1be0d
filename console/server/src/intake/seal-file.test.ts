import { hash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Batch, openBatch, type Position, recordBytes, verifyBatch } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, onTestFinished, test } from 'vitest'
import { decodeFile } from '../decode/files.ts'
import { decodeAll } from '../decode/packing.fixture.ts'
import { importPair } from '../keys/derived.ts'
import { newKeyPair } from '../keys/key-pair.ts'
import { type SealedFile, sealFile } from './seal-file.ts'

const intake = newKeyPair()
const pair = importPair(intake, 'OLD-SRV')

test('the key of a name follows from the intake key: the same for the same name, another for another', () => {
  expect(importPair(intake, 'OLD-SRV').publicKey).toEqual(pair.publicKey)
  expect(importPair(intake, 'OLD-SRV2').publicKey).not.toEqual(pair.publicKey)
  expect(importPair(newKeyPair(), 'OLD-SRV').publicKey).not.toEqual(pair.publicKey)
})

test.for([
  'wtmp',
  'journal.export',
  'postgresql-debian.log',
  'mariadb-slow.log',
  'mariadb-server-audit.log',
  'samba-audit.log',
])('of %s the index gets the events that reading the bare file gives, to the last one', async (name) => {
  const path = fixture(name)
  const { batches } = await sealed(path)
  const events = decodeAll(batches.map((batch) => openBatch(nodePrimitives, batch)))
  const own = events.filter(({ source }) => !source.startsWith('console:'))

  const bare = await Array.fromAsync(decodeFile(path, { zone: 'UTC' }))
  expect(own.length).toBe(bare.length)
  expect(own.map(({ event }) => event.event.original)).toEqual(bare.map(({ event }) => event.original))
  expect(own.flatMap(({ event }) => event.error ?? [])).toEqual(bare.flatMap(({ error }) => error ?? []))
})

test('batches are a chain of the key of the name, and the last says what was received and that its origin is not proven', async () => {
  const path = fixture('samba-audit.log')
  const { batches, done } = await sealed(path)

  for (const [i, batch] of batches.entries()) {
    verifyBatch(nodePrimitives, batch, pair.publicKey)
    expect(batch.header).toMatchObject({ seq: i + 1, prev: batches[i - 1]?.headerHash ?? null })
  }
  const custody = decodeAll(batches.map((batch) => openBatch(nodePrimitives, batch))).at(-1)?.event
  expect(JSON.parse(custody?.event.original ?? '')).toMatchObject({
    kind: 'file-imported',
    file: path,
    sha256: done.sha256,
    records: done.records,
    custody: 'hashed on receipt, origin not proven',
  })
  expect(done.sha256).toBe(Buffer.from(nodePrimitives.sha256(readFileSync(path))).toString('hex'))
})

test('one that was imported gives nothing again, and one that was cut off goes on where it stood', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `2026-11-20T10:00:00Z srv app[${i}]: ${'x'.repeat(60)}\n`)
  const path = written('large.log', lines.join(''))
  const whole = await sealed(path)
  expect(whole.batches.length).toBeGreaterThan(2)

  expect((await sealed(path, placesAfter(whole.batches))).batches).toEqual([])
  const [first] = whole.batches
  const rest = await sealed(path, placesAfter(whole.batches.slice(0, 1)), first)
  expect(textsOf(first === undefined ? [] : [first, ...rest.batches])).toEqual(textsOf(whole.batches))
  expect(rest.batches[0]?.header).toMatchObject({ seq: 2, prev: first?.headerHash })
})

test.for([
  ['of lines', 'long.log', Buffer.from(`first\n${'x'.repeat(3_500_000)}\nlast\n`)],
  ['in pieces', 'longer.log', Buffer.from(`first\n${'x'.repeat(9_500_000)}\nlast\n`)],
  ['that is one record', 'x.plist', Buffer.concat([Buffer.from('bplist00'), Buffer.alloc(3_000_000, 7)])],
] as const)('a file %s that was cut off inside a long record goes on with the next part', async ([, name, content]) => {
  const path = written(name, content)
  const whole = await sealed(path)
  const places = (batches: readonly Batch[]) => batches.flatMap(({ header }) => header.sources.map(({ next }) => next))

  for (let held = 1; held < whole.batches.length; held++) {
    const first = whole.batches.slice(0, held)
    const rest = await sealed(path, placesAfter(first), first.at(-1))
    const both = [...first, ...rest.batches]
    expect(chunksOf(both)).toEqual(chunksOf(whole.batches))
    expect(places(both)).toEqual(places(whole.batches))
  }
})

test('another content under the name of a file that was imported is a source of its own', async () => {
  const path = written('a.log', 'one\n')
  const { batches, done } = await sealed(path)
  writeFileSync(path, 'two\n')
  const other = await sealed(path, placesAfter(batches), batches.at(-1))

  expect(done.source).toBe(`log-file:${path}`)
  expect(other.done.source).toMatch(new RegExp(`^log-file:${path}#[0-9a-f]{8}$`))
  expect(textsOf(other.batches)).toEqual(['two'])
})

test('a line over the limit goes in parts, and a last one that nothing ends is there', async () => {
  const long = 'y'.repeat(2_500_000)
  const { batches } = await sealed(written('long.log', `one\n${long}\ntwo\nthree`))
  const events = decodeAll(batches.map((batch) => openBatch(nodePrimitives, batch)))

  const texts = events.filter(({ source }) => source.startsWith('log-file:')).map(({ event }) => event.event.original)
  expect(texts).toEqual(['one', long, 'two', 'three'])
})

test('of a packed file that is broken what comes before is sealed, and it is not said to be imported', async () => {
  const packed = gzipSync(Array.from({ length: 5000 }, (_, i) => `line ${i} ${Math.sin(i)}\n`).join(''))
  const { batches, done } = await sealed(written('x.log.gz', packed.subarray(0, -2000)))

  expect(done.failure).toBeDefined()
  expect(textsOf(batches).length).toBeGreaterThan(100)
  expect(batches.flatMap(({ header }) => header.sources).some(({ id }) => id.startsWith('console:'))).toBe(false)
})

test('a zone that nobody named is none: a time without one stays without an instant', async () => {
  const path = written('auth.log', 'Nov 20 10:00:01 srv sshd[1]: Connection closed by 203.0.113.7 port 5000\n')
  const timesIn = async (zone?: { name: string; offset: number }) =>
    decodeAll(
      (await sealed(path, new Map(), undefined, zone)).batches.map((batch) => openBatch(nodePrimitives, batch)),
    )[0]?.event['@timestamp']

  expect(await timesIn()).toBeUndefined()
  expect(await timesIn({ name: 'America/New_York', offset: 0 })).toMatch(/-11-20T15:00:01/)
  expect(await timesIn({ name: '+01:00', offset: 60 })).toMatch(/-11-20T09:00:01/)
})

async function sealed(
  path: string,
  places: ReadonlyMap<string, Position> = new Map(),
  before?: Batch,
  zone = { name: '', offset: 0 },
): Promise<{ batches: Batch[]; done: SealedFile }> {
  const tip = before === undefined ? null : { seq: before.header.seq, headerHash: before.headerHash }
  const given = {
    path,
    modifiedAt: '2026-11-24T10:00:00.000Z',
    kind: undefined,
    zone,
    pair,
    tip,
    places,
    by: 'os:test',
  }
  const sealing = sealFile({ ...given, now: () => Date.parse('2026-11-25T10:00:00.000Z') })
  const batches: Batch[] = []
  for (;;) {
    const next = await sealing.next()
    if (next.done === true) return { batches, done: next.value }
    batches.push(next.value)
  }
}

function placesAfter(batches: readonly Batch[]): Map<string, Position> {
  return new Map(batches.flatMap(({ header }) => header.sources.map(({ id, next }) => [id, next] as const)))
}

function textsOf(batches: readonly Batch[]): (string | undefined)[] {
  return decodeAll(batches.map((batch) => openBatch(nodePrimitives, batch)))
    .filter(({ source }) => !source.startsWith('console:'))
    .map(({ event }) => event.event.original)
}

function chunksOf(batches: readonly Batch[]) {
  return batches
    .flatMap((batch) => openBatch(nodePrimitives, batch).chunks)
    .filter(({ head }) => !head.source.startsWith('console:'))
    .map((chunk) => {
      const { start, part, last } = chunk.head
      const records = Array.from({ length: chunk.count }, (_, i) => hash('sha256', recordBytes(chunk, i)))
      return { start, part, last, records }
    })
}

function fixture(name: string): string {
  return join(import.meta.dirname, '../decode/fixtures', name)
}

function written(name: string, content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
