import { equal } from '../bytes.ts'
import { alignment, type HashInto, type Hashing } from './hashing.ts'
import { sha256Module } from './sha256-module.ts'

/** Blocks of the longest message that is hashed beside three others; a longer one is hashed faster alone. */
const mostBlocks = 8
const blockBytes = 64
/** Of the padding: the bit behind the message, and its length. */
const leastPadding = 9
/** Memory of WebAssembly comes in pages of this size. */
const pageBytes = 65_536

/** Begins to hash into `out`. Only one at a time: all share one memory. */
export type FourAtOnce = (out: Uint8Array, longest: number) => Hashing

/**
 * Hashing on vectors, four messages of the same number of blocks at once. Undefined where WebAssembly with vectors is
 * not to be had, or does not give what `hashInto` gives.
 */
export function newFourAtOnce(hashInto: HashInto): FourAtOnce | undefined {
  const machine = newMachine()
  if (machine === undefined) return undefined
  const begin: FourAtOnce = (out, longest) => hashingOn(machine, { hashInto, out, longest })
  return isRight(begin, hashInto) ? begin : undefined
}

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** As far as it is used: Node and browsers both have it, but the language library does not declare it. */
declare const WebAssembly: {
  Memory: new (pages: { initial: number }) => Memory
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object, imports: { m: { m: Memory } }) => { exports: Record<string, unknown> }
}

interface Machine {
  memory: Memory
  hash(a: number, b: number, c: number, d: number, blocks: number, out: number): void
}

function newMachine(): Machine | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(sha256Module()), { m: { m: memory } })
    return { memory, hash: exports.hash as Machine['hash'] }
  } catch {
    // Switched off, forbidden by the page's policy, or without vectors.
    return undefined
  }
}

/** Four places for messages of the same number of blocks, of which the first `filled` are taken. */
interface Bucket {
  blocks: number
  places: readonly number[]
  /** Of the message that each place was padded for. */
  lengths: number[]
  indices: number[]
  filled: number
}

const hashesAt = 0
const hashWords = 8
const bucketsAt = 4 * 32

function hashingOn(
  { memory, hash }: Machine,
  { hashInto, out, longest }: { hashInto: HashInto; out: Uint8Array; longest: number },
): Hashing {
  const buckets = newBuckets()
  const longAt = bucketsAt + blockBytes * 2 * mostBlocks * (mostBlocks + 1) + alignment
  grow(memory, longAt + longest)
  const bytes = new Uint8Array(memory.buffer)
  const hashes = new Int32Array(memory.buffer, hashesAt, 4 * hashWords)
  const outWords = new Int32Array(out.buffer, out.byteOffset, out.length >> 2)
  let long: { length: number; index: number } | undefined
  const hashLong = () => {
    if (long !== undefined) hashInto(bytes.subarray(longAt, longAt + long.length), out, long.index * 32)
    long = undefined
  }
  const hashBucket = ({ blocks, places, indices, filled }: Bucket) => {
    hash(places[0] as number, places[1] as number, places[2] as number, places[3] as number, blocks, hashesAt)
    for (let i = 0; i < filled; i++) {
      const to = (indices[i] as number) * hashWords
      for (let k = 0; k < hashWords; k++) outWords[to + k] = hashes[i * hashWords + k] as number
    }
  }
  return {
    bytes,
    next(length, index) {
      const blocks = Math.ceil((length + leastPadding) / blockBytes)
      if (blocks > mostBlocks) {
        hashLong()
        long = { length, index }
        return longAt
      }
      const bucket = buckets[blocks] as Bucket
      if (bucket.filled === 4) {
        hashBucket(bucket)
        bucket.filled = 0
      }
      const i = bucket.filled++
      const at = bucket.places[i] as number
      bucket.indices[i] = index
      if (bucket.lengths[i] !== length) {
        pad(bytes, at, { length, end: at + blocks * blockBytes })
        bucket.lengths[i] = length
      }
      return at
    },
    end() {
      hashLong()
      for (const bucket of buckets) {
        if (bucket.filled > 0) hashBucket(bucket)
        bucket.filled = 0
      }
    },
  }
}

function newBuckets(): Bucket[] {
  return Array.from({ length: mostBlocks + 1 }, (_, blocks) => {
    const from = bucketsAt + blockBytes * 2 * blocks * (blocks - 1) + alignment
    const places = [0, 1, 2, 3].map((i) => from + i * blocks * blockBytes)
    return { blocks, places, lengths: [-1, -1, -1, -1], indices: [0, 0, 0, 0], filled: 0 }
  })
}

function grow(memory: Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes)
  if (missing > 0) memory.grow(missing)
}

/** FIPS 180-4, 5.1.1. */
function pad(bytes: Uint8Array, at: number, { length, end }: { length: number; end: number }): void {
  bytes[at + length] = 0x80
  for (let k = at + length + 1; k < end - 2; k++) bytes[k] = 0
  bytes[end - 2] = (length * 8) >>> 8
  bytes[end - 1] = (length * 8) & 0xff
}

/** Tried before it is relied on: messages of every number of blocks, five of each so that one is left over. */
function isRight(begin: FourAtOnce, hashInto: HashInto): boolean {
  const messages = Array.from({ length: 5 * mostBlocks }, (_, i) =>
    Uint8Array.from({ length: (i % mostBlocks) * blockBytes + i }, (_, k) => i + k),
  )
  const [ours, theirs] = [new Uint8Array(messages.length * 32), new Uint8Array(messages.length * 32)]
  const hashing = begin(ours, blockBytes * mostBlocks + messages.length)
  for (const [index, message] of messages.entries()) {
    hashing.bytes.set(message, hashing.next(message.length, index))
    hashInto(message, theirs, index * 32)
  }
  hashing.end()
  return equal(ours, theirs)
}
