import { Value } from 'typebox/value'
import { concat, concatIn, parseCompactJson, toUtf8, wordsOf, writeUint64 } from './bytes.ts'
import { Refusal } from './error.ts'
import { hashBytes } from './merkle.ts'
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
  return Value.Check(ChunkHead, head) ? head : undefined
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

const recordAt = 1 + saltBytes + hashBytes + 8

/** Leaf hashes of all records, side by side. The hot loop of sealing and of checking: no object per record. */
export function leavesOf(p: Primitives, seed: Uint8Array, chunks: readonly OpenChunk[], count: number): Uint8Array {
  const salts = wordsOf(p.aes256ctr(seed, count * saltBytes))
  const leaves = new Uint8Array(count * hashBytes)
  const hashing = p.hashing(leaves, { count, longest: recordAt + longestOf(chunks) })
  // A message begins one byte before a word: all before the position can be copied in words.
  const words = new Int32Array(hashing.bytes.buffer)
  for (const { headLine, first, starts, ends, positions, bytes } of chunks) {
    const head = wordsOf(p.sha256(headLine))
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i] as number
      const length = (ends[i] as number) - start
      const at = hashing.next(recordAt + length, first + i)
      hashing.bytes[at] = 0
      const word = (at + 1) >> 2
      const salt = (first + i) * saltWords
      for (let k = 0; k < saltWords; k++) words[word + k] = salts[salt + k] as number
      for (let k = 0; k < headWords; k++) words[word + saltWords + k] = head[k] as number
      writeUint64(hashing.bytes, at + recordAt - 8, positions[i] as number)
      copy(bytes, start, hashing.bytes, at + recordAt, length)
    }
  }
  hashing.end()
  return leaves
}

const saltWords = saltBytes / 4
const headWords = hashBytes / 4

function longestOf(chunks: readonly OpenChunk[]): number {
  let longest = 0
  for (const { starts, ends } of chunks)
    for (let i = 0; i < starts.length; i++) longest = Math.max(longest, (ends[i] as number) - (starts[i] as number))
  return longest
}

/**
 * Lines byte by byte, four at a time: `set` needs a view of its source, and a view for every line is more garbage than
 * all else that is made while a batch is sealed.
 */
function copy(from: Uint8Array, fromAt: number, to: Uint8Array, toAt: number, length: number): void {
  let k = 0
  if (length > longLine) {
    to.set(from.subarray(fromAt, fromAt + length), toAt)
    k = length
  }
  for (const whole = length - 3; k < whole; k += 4) {
    to[toAt + k] = from[fromAt + k] as number
    to[toAt + k + 1] = from[fromAt + k + 1] as number
    to[toAt + k + 2] = from[fromAt + k + 2] as number
    to[toAt + k + 3] = from[fromAt + k + 3] as number
  }
  for (; k < length; k++) to[toAt + k] = from[fromAt + k] as number
}

const longLine = 256
