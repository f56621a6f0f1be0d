import Value from 'typebox/value'
import { concat, fromUtf8, parseCompactJson, toUtf8, writeUint64 } from './bytes.ts'
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

/** Seed and chunks as the bytes that are compressed. */
export function encodePayload(seed: Uint8Array, chunks: readonly Chunk[]): Uint8Array {
  const parts: Uint8Array[] = [seed]
  for (const { head, lengths, jumps, bytes } of chunks) {
    const tokens =
      jumps === undefined || jumps.size === 0 ? lengths : lengths.map((length, i) => withJump(length, jumps.get(i)))
    parts.push(toUtf8(`${JSON.stringify(head)}\n${tokens.join(' ')}\n`), bytes)
  }
  return concat(...parts)
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

function decodeChunk(raw: Uint8Array, at: number, first: number): { chunk: OpenChunk; next: number } {
  const headEnd = raw.subarray(0, at + limits.chunkHead).indexOf(10, at)
  if (headEnd < 0) throw malformed('no end of a chunk head')
  const headLine = raw.subarray(at, headEnd)
  const head = parseCompactJson(headLine)
  if (!Value.Check(ChunkHead, head)) throw malformed('a chunk head is not of the known shape')
  const lengthsEnd = raw.indexOf(10, headEnd + 1)
  if (lengthsEnd < 0) throw malformed('no end of a lengths line')
  const tokens = fromUtf8Tokens(raw.subarray(headEnd + 1, lengthsEnd))
  const layout = layOut(head, tokens, lengthsEnd + 1)
  if (layout.end > raw.length) throw malformed('records reach beyond the payload')
  const { starts, ends, positions, end } = layout
  return { chunk: { head, headLine, first, count: starts.length, starts, ends, positions, bytes: raw }, next: end }
}

function fromUtf8Tokens(line: Uint8Array): string[] {
  if (line.length === 0) return []
  try {
    return fromUtf8(line).split(' ')
  } catch {
    throw malformed('a lengths line is not text')
  }
}

function layOut(head: ChunkHead, tokens: readonly string[], from: number) {
  const records = tokens.filter((token) => !token.startsWith('@')).length
  if (records > limits.records) throw malformed(`more than ${limits.records} records`)
  const starts = new Uint32Array(records)
  const ends = new Uint32Array(records)
  const positions = new Float64Array(records)
  const separator = head.lf ? 1 : 0
  let position = 'offset' in head.start ? head.start.offset : 0
  let at = from
  let i = 0
  for (const token of tokens) {
    if (token.startsWith('@')) {
      position = parseNumber(token.slice(1))
      continue
    }
    const length = parseNumber(token)
    if (length > limits.record) throw malformed('a record is over the limit')
    starts[i] = at
    ends[i] = at + length
    positions[i] = position
    at += length + separator
    position += head.unit === 'byte' ? length + separator : 1
    i++
  }
  return { starts, ends, positions, end: at }
}

function parseNumber(token: string): number {
  const value = Number(token)
  if (!Number.isSafeInteger(value) || value < 0 || String(value) !== token) throw malformed('a length is not a number')
  return value
}

function malformed(says: string): Refusal {
  return new Refusal('payload-malformed', says)
}

/** leaf = SHA-256(0x00 || salt || SHA-256(chunk head line) || position || record). */
export function leafOf(
  p: Primitives,
  salt: Uint8Array,
  headLine: Uint8Array,
  position: number,
  record: Uint8Array,
): Uint8Array {
  const place = new Uint8Array(8)
  writeUint64(place, 0, position)
  return p.sha256(concat(Uint8Array.of(0), salt, p.sha256(headLine), place, record))
}

const recordAt = 1 + saltBytes + hashBytes + 8

/** Leaf hashes of all records, side by side. The hot loop of sealing and of checking: one scratch buffer, no object per record. */
export function leavesOf(p: Primitives, seed: Uint8Array, chunks: readonly OpenChunk[], count: number): Uint8Array {
  const salts = p.aes256ctr(seed, count * saltBytes)
  const leaves = new Uint8Array(count * hashBytes)
  const scratch = new Uint8Array(recordAt + limits.record)
  for (const { headLine, first, starts, ends, positions, bytes } of chunks) {
    scratch.set(p.sha256(headLine), 1 + saltBytes)
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i] as number
      const length = (ends[i] as number) - start
      const salt = (first + i) * saltBytes
      for (let k = 0; k < saltBytes; k++) scratch[1 + k] = salts[salt + k] as number
      writeUint64(scratch, recordAt - 8, positions[i] as number)
      if (length < 64) for (let k = 0; k < length; k++) scratch[recordAt + k] = bytes[start + k] as number
      else scratch.set(bytes.subarray(start, start + length), recordAt)
      p.sha256Into(scratch.subarray(0, recordAt + length), leaves, (first + i) * hashBytes)
    }
  }
  return leaves
}
