import { concat, concatIn, parseCompactJson, toUtf8, writeUint64 } from './bytes.ts'
import { check } from './check.ts'
import { Refusal } from './error.ts'
import type { Primitives } from './primitives.ts'
import { type Chunk, ChunkHead } from './record.ts'
import { limits } from './wire/limits.ts'

/** Bytes of the random seed from which the salts of a batch come. */
export const seedBytes = 32
export const saltBytes = 16

/** One chunk as read back: the head and, for each record, where it lies in `bytes` and in its source. */
export interface OpenChunk {
  head: ChunkHead
  /** The head line as sealed, without its LF. */
  headLine: Uint8Array
  /** Index of the chunk's first record in the batch. */
  first: number
  count: number
  /** Start of record i in `bytes`; its end is `ends[i]`. */
  starts: Uint32Array
  ends: Uint32Array
  positions: Float64Array
  /** The whole inflated payload: starts and ends count from its beginning. */
  bytes: Uint8Array
}

/** Seed and chunks as the bytes that are compressed. @param scratch gives memory for so many bytes */
export function encodePayload(
  seed: Uint8Array,
  chunks: readonly Chunk[],
  scratch = (bytes: number): Uint8Array => new Uint8Array(bytes),
): Uint8Array {
  const parts: Uint8Array[] = [seed]
  for (const { head, lengths, jumps, bytes } of chunks) {
    const tokens =
      jumps === undefined || jumps.size === 0 ? lengths : lengths.map((length, i) => withJump(length, jumps.get(i)))
    parts.push(toUtf8(`${JSON.stringify(head)}\n${tokens.join(' ')}\n`), bytes)
  }
  return concatIn(scratch, parts)
}

function withJump(length: number, position: number | undefined): string {
  return position === undefined ? `${length}` : `@${position} ${length}`
}

/** Chunks of an inflated payload. Throws `payload-malformed` on anything that does not add up. */
export function decodePayload(raw: Uint8Array): { seed: Uint8Array; chunks: OpenChunk[]; count: number } {
  if (raw.length < seedBytes) throw malformed('shorter than the seed')
  const chunks: OpenChunk[] = []
  let at = seedBytes
  let count = 0
  while (at < raw.length) {
    const { chunk, next } = decodeChunk(raw, at, count)
    chunks.push(chunk)
    count += chunk.count
    at = next
    if (count > limits.records) throw malformed(`more than ${limits.records} records`)
  }
  return { seed: raw.subarray(0, seedBytes), chunks, count }
}

/** The head in a head line without its LF; undefined for anything else. */
export function parseChunkHead(line: Uint8Array): ChunkHead | undefined {
  const head = line.length < limits.chunkHead ? parseCompactJson(line) : undefined
  return check(ChunkHead, head) ? head : undefined
}

function decodeChunk(raw: Uint8Array, at: number, first: number): { chunk: OpenChunk; next: number } {
  const headEnd = raw.subarray(0, at + limits.chunkHead).indexOf(LF, at)
  if (headEnd < 0) throw malformed('no end of a chunk head')
  const headLine = raw.subarray(at, headEnd)
  const head = parseChunkHead(headLine)
  if (head === undefined) throw malformed('a chunk head is not of the known shape')
  const lengthsEnd = raw.indexOf(LF, headEnd + 1)
  if (lengthsEnd < 0) throw malformed('no end of a lengths line')
  const { next, ...places } = layOut(raw, head, { from: headEnd + 1, to: lengthsEnd })
  return { chunk: { head, headLine, first, count: places.starts.length, ...places, bytes: raw }, next }
}

const LF = 0x0a
const space = 0x20
const zero = 0x30
const jumpSign = 0x40

/** A cursor on a lengths line in `raw`: numbers with one space between them, `@` before one that is a position. */
interface Lengths {
  raw: Uint8Array
  at: number
  to: number
}

/** Where the records of one chunk lie in the payload and in their source. The line is read byte by byte: a token per record would cost more than its hash. */
function layOut(raw: Uint8Array, head: ChunkHead, line: { from: number; to: number }) {
  const records = countRecords(raw, line)
  const starts = new Uint32Array(records)
  const ends = new Uint32Array(records)
  const positions = new Float64Array(records)
  const lf = head.lf ? 1 : 0
  const perByte = head.unit === 'byte' ? 1 : 0
  const perRecord = head.unit === 'byte' ? lf : 1
  const lengths: Lengths = { raw, at: line.from, to: line.to }
  let position = 'offset' in head.start ? head.start.offset : 0
  let at = line.to + 1
  for (let i = 0; i < records; i++) {
    if (i > 0) takeSpace(lengths)
    if (raw[lengths.at] === jumpSign) position = readJump(lengths)
    if (!Number.isSafeInteger(position)) throw malformed('a position is over the limit')
    const length = readNumber(lengths)
    const end = endOfRecord(raw, at, length)
    if (lf === 1 && raw[end] !== LF) throw malformed('a record is not followed by its LF')
    starts[i] = at
    ends[i] = end
    positions[i] = position
    at = end + lf
    position += length * perByte + perRecord
  }
  if (lengths.at !== lengths.to) throw malformed('a lengths line is not numbers')
  return { starts, ends, positions, next: at }
}

function endOfRecord(raw: Uint8Array, at: number, length: number): number {
  if (length > limits.record) throw malformed('a record is over the limit')
  if (at + length > raw.length) throw malformed('records reach beyond the payload')
  return at + length
}

/** One more than the spaces, less the jumps; an empty line is no record. */
function countRecords(raw: Uint8Array, { from, to }: { from: number; to: number }): number {
  let records = to > from ? 1 : 0
  for (let at = from; at < to; at++) {
    if (raw[at] === space) records++
    else if (raw[at] === jumpSign) records--
  }
  if (records < 0 || records > limits.records) throw malformed(`more than ${limits.records} records, or jumps without`)
  return records
}

function readJump(lengths: Lengths): number {
  lengths.at++
  const position = readNumber(lengths)
  takeSpace(lengths)
  return position
}

function takeSpace(lengths: Lengths): void {
  if (lengths.at >= lengths.to || lengths.raw[lengths.at++] !== space) throw malformed('a lengths line is not numbers')
}

/** A decimal number without leading zeros, up to 2^53 - 1. */
function readNumber(lengths: Lengths): number {
  const { raw, at: from, to } = lengths
  let at = from
  let value = 0
  for (; at < to; at++) {
    const digit = (raw[at] as number) - zero
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  lengths.at = at
  const digits = at - from
  const plain = digits > 0 && digits <= 16 && (digits === 1 || raw[from] !== zero)
  if (!plain || !Number.isSafeInteger(value)) throw malformed('a length is not a number')
  return value
}

function malformed(says: string): Refusal {
  return new Refusal('payload-malformed', says)
}

/** leaf = SHA-256(0x00 || salt || SHA-256(chunk head line) || position || record). */
export function leafOf(
  p: Primitives,
  leaf: { salt: Uint8Array; headLine: Uint8Array; position: number; record: Uint8Array },
): Uint8Array {
  const place = new Uint8Array(8)
  writeUint64(place, 0, leaf.position)
  return p.sha256(concat(Uint8Array.of(0), leaf.salt, p.sha256(leaf.headLine), place, leaf.record))
}

/** Salt of record `index`: the index-th 16 bytes of the keystream under the batch's seed. */
export function saltOf(p: Primitives, seed: Uint8Array, index: number): Uint8Array {
  return p.aes256ctr(seed, (index + 1) * saltBytes).slice(index * saltBytes)
}

/** Leaf hashes of all records, side by side. @param chunks all of one payload */
export function leavesOf(p: Primitives, seed: Uint8Array, chunks: readonly OpenChunk[], count: number): Uint8Array {
  return p.hashing(count).leaves({
    count,
    salts: p.aes256ctr(seed, count * saltBytes),
    bytes: chunks[0]?.bytes ?? new Uint8Array(0),
    chunks: chunks.map(({ headLine, first, starts, ends, positions }) => ({
      headHash: p.sha256(headLine),
      first,
      starts,
      ends,
      positions,
    })),
  })
}
