import { hash, randomBytes } from 'node:crypto'
import {
  type Batch,
  type Chunk,
  type ChunkHead,
  hostIdOf,
  importOf,
  limits,
  type Position,
  type Statement,
  seal,
  type Tip,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { type Blocks, guarded, peek, type Reading, untilBroken } from '../decode/blocks.ts'
import { beginCut, lines } from '../decode/cut.ts'
import type { Decoder } from '../decode/decoder.ts'
import { openHashed } from '../decode/file-bytes.ts'
import { decoderOf } from '../decode/files.ts'
import { decoders } from '../decode/index.ts'
import { inflate, isGzip } from '../decode/inflate.ts'
import { type FileRecord, recordsOf } from '../decode/records.ts'
import { type KeyPair, signWith } from '../keys/key-pair.ts'

/**
 * Of one batch, raw and below its bound. What is no text is often understood only as a whole: as much of it as fits lies
 * together.
 */
const batchBytes = { lines: 2 * 1024 * 1024, other: 3.5 * 1024 * 1024 }
const batchRecords = 40_000
const sampleBytes = 64 * 1024

export interface FileToSeal {
  /** Absolute. */
  path: string
  modifiedAt: string
  /** Of its source: found by its content when left out. */
  kind: string | undefined
  zone: { name: string; offset: number }
  pair: KeyPair
  tip: Tip | null
  /** Where sources of this host ended, by id. */
  places: ReadonlyMap<string, Position>
  /** Who imports it. */
  by: string
  now(): number
}

/** What became of one file. */
export interface SealedFile {
  sha256: string
  bytes: number
  source: string
  records: number
  /** Why it was not read to its end. */
  failure?: string
}

/**
 * Seals the records of a file of any size into batches, in bounded memory; the last one says what was hashed on receipt.
 * One that was imported before gives none; one that was cut off goes on behind what is held.
 * @throws `file-unreadable`, `format-unknown`
 */
export async function* sealFile(given: FileToSeal): AsyncGenerator<Batch, SealedFile> {
  const file = await openHashed(given.path)
  try {
    const { sha256 } = file
    const begun = await beginnings(file.blocks(), { ...given, sha256 })
    const { source, decoder, mark, from } = begun
    const done = { sha256, source, bytes: from, records: 0 }
    if (given.places.has(importOf(sha256))) return done
    const sealing = newSealing({ ...given, source, mark, isLines: decoder.cut === lines, from })
    const reading: Reading = { bytes: 0 }
    const cut = { cut: beginCut(decoder.cut), skip: begun.skip }
    for await (const records of recordsOf(untilBroken(begun.all, reading), cut))
      for (const record of records) yield* sealing.add(record)
    const failure = reading.failure?.message ?? (file.hasChanged() ? 'The file changed while it was read.' : undefined)
    yield* sealing.end({ sha256, bytes: reading.bytes, failure })
    return {
      sha256,
      source,
      bytes: reading.bytes,
      records: sealing.records(),
      ...(failure !== undefined && { failure }),
    }
  } finally {
    await file.close()
  }
}

interface Begun {
  all: Blocks
  decoder: Decoder
  source: string
  mark: { dev: string; ino: string; headSha256: string }
  skip: number
  /** Byte behind what is held of it: inside a record where the import was broken off between two of its parts. */
  from: number
}

async function beginnings(blocks: Blocks, given: FileToSeal & { sha256: string }): Promise<Begun> {
  const { path, kind, places, sha256 } = given
  const outer = await peek(guarded(blocks), sampleBytes)
  const { sample, all } = isGzip(outer.sample) ? await peek(inflate(outer.all), sampleBytes) : outer
  // A byte order mark belongs to no line.
  const skip = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf ? 3 : 0
  const mark = { dev: '0', ino: sha256.slice(0, 32), headSha256: hash('sha256', sample.subarray(0, 1024)) }
  const place = {
    prefix: sha256,
    name: path,
    head: headOf(`log-file:${path}`, { offset: 0, mark, at: given.modifiedAt }),
  }
  const decoder = decoderOf(sample.subarray(skip), place)
  const named = sourceOf(path, kind, { decoder, place })
  // Another content under the same name is another source: its positions do not go on.
  const held = places.get(named)
  const source = held === undefined || isOf(held, mark.ino) ? named : `${named}#${sha256.slice(0, 8)}`
  const position = places.get(source)
  const from = position !== undefined && isOf(position, mark.ino) && 'offset' in position ? position.offset : skip
  return { all, decoder, source, mark, skip, from }
}

function isOf(position: Position, ino: string): boolean {
  return 'offset' in position && position.file.ino === ino
}

const mostPath = 900

/** The first kind under which a decoder is found that reads such content. */
function sourceOf(
  path: string,
  kind: string | undefined,
  { decoder, place }: { decoder: Decoder; place: { head: ChunkHead } },
): string {
  const name = path.replaceAll(/[\r\n]/g, '_').slice(-mostPath)
  if (kind !== undefined) return `${kind}:${name}`
  const kinds = ['log-file', decoder.id, 'login', 'journal', 'event-log', 'capture']
  const fits = (id: string) =>
    /^[a-z][a-z0-9-]*$/.test(id) &&
    decoders.find((each) => each.reads({ ...place.head, source: `${id}:${name}` })) === decoder
  return `${kinds.find(fits) ?? 'log-file'}:${name}`
}

function headOf(
  source: string,
  { offset, mark, at, modifiedAt }: { offset: number; mark: Begun['mark']; at: string; modifiedAt?: string },
): ChunkHead {
  const rest = { readAt: at, method: 'file', unit: 'byte', lf: true } as const
  return {
    source,
    start: { offset, file: mark },
    ...rest,
    ...(modifiedAt !== undefined && { fileModifiedAt: modifiedAt }),
  }
}

interface Sealing extends FileToSeal {
  source: string
  mark: Begun['mark']
  isLines: boolean
  from: number
}

/** Gathers records until they fill a batch. */
function newSealing({ source, mark, isLines, from, ...given }: Sealing) {
  const lf = isLines ? 1 : 0
  const mostBytes = isLines ? batchBytes.lines : batchBytes.other
  const signer = newSigner(given)
  const at = () => new Date(given.now()).toISOString()
  let held: FileRecord[] = []
  let heldBytes = 0
  let [count, reached, parts] = [0, from, 0]
  const head = (offset: number) => headOf(source, { offset, mark, at: at(), modifiedAt: given.modifiedAt })
  /** The last one is sealed with the record of the import, and with nothing behind it: each waits for the next. */
  let waiting: { chunk: Chunk; span: Statement['sources'][number] } | undefined
  const give = (chunk: Chunk, next: number): Batch[] => {
    const first = { offset: reached, file: mark }
    reached = next
    count += chunk.lengths.length
    const before = waiting
    waiting = { chunk, span: { id: source, first, next: { offset: next, file: mark }, count: chunk.lengths.length } }
    return before === undefined ? [] : [signer([before.chunk], [before.span])]
  }
  function* flush(): Generator<Batch> {
    const last = held.at(-1)
    if (last === undefined) return
    const open = isLines && last.open === true && { open: true as const }
    const chunk = chunkOf(held, { ...head(held[0]?.offset ?? 0), lf: isLines, ...open })
    held = []
    heldBytes = 0
    yield* give(chunk, last.offset + last.bytes.length + lf)
  }
  /** A record over the limit goes in parts, a batch each. Those before `from` are held and only counted. */
  function* inParts({ bytes, offset, piece }: FileRecord): Generator<Batch> {
    for (let at = 0; at < bytes.length; at += limits.record) {
      const part = bytes.subarray(at, at + limits.record)
      const isLast = at + part.length === bytes.length && (piece === undefined || piece === 'last')
      parts += 1
      const marks = { lf: false, part: parts, ...(isLast && { last: true as const }) }
      const chunk = { head: { ...head(offset + at), ...marks }, lengths: [part.length], bytes: Buffer.from(part) }
      if (offset + at >= from) yield* give(chunk, offset + at + part.length + (isLast ? lf : 0))
      if (isLast) parts = 0
    }
  }
  return {
    records: () => count,
    *add(record: FileRecord): Generator<Batch> {
      const { bytes, piece, open } = record
      const isLong = bytes.length > limits.record || piece !== undefined
      const isFull = heldBytes + bytes.length > mostBytes || held.length === batchRecords
      // What nothing ends has a head of its own that says so.
      if (isLong || isFull || open === true) yield* flush()
      if (isLong) return yield* inParts(record)
      if (record.offset < from) return
      // Its bytes are only valid until the next ones.
      held.push({ ...record, bytes: Buffer.from(bytes) })
      heldBytes += bytes.length
    },
    *end({ failure, ...what }: { sha256: string; bytes: number; failure: string | undefined }): Generator<Batch> {
      yield* flush()
      const last = waiting === undefined ? [] : [waiting]
      if (failure !== undefined) {
        for (const { chunk, span } of last) yield signer([chunk], [span])
        return
      }
      const { chunk, span } = custodyRecord({
        ...what,
        at: at(),
        file: given.path,
        records: count,
        source,
        by: given.by,
      })
      yield signer([...last.map((each) => each.chunk), chunk], [...last.map((each) => each.span), span])
    },
  }
}

/** What was received, and what is not known of it. */
function custodyRecord({ sha256, at, ...what }: { sha256: string; at: string } & Record<string, string | number>) {
  const custody = 'hashed on receipt, origin not proven'
  const record = Buffer.from(JSON.stringify({ kind: 'file-imported', at, sha256, ...what, custody }))
  const id = importOf(sha256)
  const first = { number: 0 }
  const head = { source: id, start: first, readAt: at, method: 'console', unit: 'row', lf: true } as const
  const chunk = { head, lengths: [record.length], bytes: Buffer.concat([record, Buffer.from('\n')]) }
  return { chunk, span: { id, first, next: { number: 1 }, count: 1 } }
}

function chunkOf(records: readonly FileRecord[], head: ChunkHead): Chunk {
  const lf = head.lf ? 1 : 0
  const jumps = new Map<number, number>()
  let expected = records[0]?.offset ?? 0
  for (const [i, { offset, bytes }] of records.entries()) {
    if (offset !== expected) jumps.set(i, offset)
    expected = offset + bytes.length + lf
  }
  const end = Buffer.from('\n')
  const bytes = Buffer.concat(records.flatMap((record) => (head.lf ? [record.bytes, end] : [record.bytes])))
  return { head, lengths: records.map((record) => record.bytes.length), jumps, bytes }
}

function newSigner({ pair, tip, zone, now }: Pick<FileToSeal, 'pair' | 'tip' | 'zone' | 'now'>) {
  const host = hostIdOf(nodePrimitives.sha256(pair.publicKey))
  let before = tip
  return (chunks: Chunk[], sources: Statement['sources']): Batch => {
    const at = new Date(now()).toISOString()
    const batch = seal(nodePrimitives, chunks, {
      seed: randomBytes(32),
      statement: {
        ...{ host, seq: (before?.seq ?? 0) + 1, prev: before?.headerHash ?? null, agent: 'console 0.1.0', bootId: '' },
        ...{ zone: zone.name, utcOffset: zone.offset, clockOffset: null, from: at, to: at, sealedAt: at },
        ...{ sources, lost: [], witness: null },
      },
      sign: (data) => signWith(pair, data),
    })
    before = { seq: batch.header.seq, headerHash: batch.headerHash }
    return batch
  }
}
