import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { browserPrimitives } from '../../browser/primitives.ts'
import { nodePrimitives } from '../../node/primitives.ts'
import { toHex } from '../bytes.ts'
import { hashingFourAtOnce } from './four-at-once.ts'
import type { RecordsOfPayload } from './hashing.ts'
import { hashingOneByOne } from './one-by-one.ts'

const sha256 = (...parts: readonly Uint8Array[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}
const oneByOne = hashingOneByOne(sha256)
const fourAtOnce = hashingFourAtOnce(oneByOne)
/** Around the end of a block, of the longest message that is hashed beside others, and of what lies behind it. */
const lengths = fc.oneof(fc.nat(130), fc.integer({ min: 430, max: 460 }), fc.nat(3000))
const chunk = fc.record({
  lengths: fc.array(lengths, { maxLength: 30 }),
  positions: fc.array(fc.maxSafeNat(), { minLength: 30, maxLength: 30 }),
  headHash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
})
const payload = fc
  .record({ chunks: fc.array(chunk, { maxLength: 6 }), noise: fc.uint8Array({ minLength: 61, maxLength: 61 }) })
  .map(recordsOf)

test.each([
  ['one by one', oneByOne],
  ['four at once', fourAtOnce],
])('leaves are what evidence.md 3 says, of records of any length in any number of chunks: %s', (_, hashing) => {
  expect(hashing).toBeDefined()
  fc.assert(
    fc.property(payload, (records) => {
      expect(hexOf(hashing!.leaves(records))).toEqual(expectedLeaves(records))
    }),
    { seed: 418, numRuns: 300 },
  )
})

test.each([
  ['one by one', oneByOne],
  ['four at once', fourAtOnce],
])('parents are made of each two hashes, in memory of their own or over those they are made of: %s', (_, hashing) => {
  for (const count of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 64, 65, 1023, 5000]) {
    const level = Uint8Array.from({ length: 32 * count }, (_, k) => (k * 31) >> 3)
    const expected = Array.from({ length: count >> 1 }, (_, i) =>
      toHex(sha256(Uint8Array.of(1), level.subarray(64 * i, 64 * i + 64))),
    )
    const apart = new Uint8Array(32 * (count >> 1))
    hashing!.parents(level, apart)
    expect(hexOf(apart)).toEqual(expected)
    const odd = hexOf(level.slice(64 * (count >> 1)))
    hashing!.parents(level, level)
    expect(hexOf(level).slice(0, count >> 1)).toEqual(expected)
    expect(hexOf(level.slice(64 * (count >> 1)))).toEqual(count > 1 ? odd : hexOf(level))
  }
})

test('what one payload left in memory is in no leaf of the next', () => {
  const long = recordsOf({ chunks: [chunkOf(4096, 440)], noise: Uint8Array.of(255) })
  const short = recordsOf({ chunks: [chunkOf(9, 1), chunkOf(3, 0)], noise: Uint8Array.of(1) })
  for (const records of [long, short, long]) {
    expect(hexOf(fourAtOnce!.leaves(records))).toEqual(expectedLeaves(records))
  }
})

test('the hashing of each set of primitives gives the same, for few records and for many', () => {
  for (const count of [5, 3000]) {
    const records = recordsOf({ chunks: [chunkOf(count, 70)], noise: Uint8Array.of(3, 5) })
    for (const p of [nodePrimitives, browserPrimitives])
      expect(hexOf(p.hashing(count).leaves(records))).toEqual(expectedLeaves(records))
  }
})

test('where hashing four at once gives something else than hashing alone it is not used', () => {
  const wrong = { leaves: oneByOne.leaves, parents: (_: Uint8Array, out: Uint8Array) => void out.fill(1) }
  expect(hashingFourAtOnce(wrong)).toBeUndefined()
  expect(hashingFourAtOnce({ ...oneByOne, leaves: ({ count }) => new Uint8Array(32 * count) })).toBeUndefined()
})

interface ChunkOf {
  lengths: number[]
  positions: number[]
  headHash: Uint8Array
}

function chunkOf(count: number, length: number): ChunkOf {
  const all = Array.from({ length: count }, (_, i) => i)
  return { lengths: all.map(() => length), positions: all.map((i) => i * 1009), headHash: new Uint8Array(32).fill(9) }
}

/** Records of such lengths, a byte between each two, as a payload of which everything is seen. */
function recordsOf({ chunks, noise }: { chunks: readonly ChunkOf[]; noise: Uint8Array }): RecordsOfPayload {
  let [end, first] = [0, 0]
  const laid = chunks.map(({ lengths, positions, headHash }) => {
    const starts = lengths.map((length) => {
      end += length + 1
      return end - length
    })
    const ends = lengths.map((length, i) => (starts[i] as number) + length)
    first += lengths.length
    return {
      headHash,
      first: first - lengths.length,
      starts: Uint32Array.from(starts),
      ends: Uint32Array.from(ends),
      positions: Float64Array.from(positions.slice(0, lengths.length)),
    }
  })
  const bytes = Uint8Array.from({ length: end }, (_, k) => (noise[k % noise.length] as number) ^ k)
  const salts = Uint8Array.from({ length: 16 * first }, (_, k) => (noise[k % noise.length] as number) + k)
  return { count: first, salts, bytes, chunks: laid }
}

function expectedLeaves({ bytes, salts, chunks }: RecordsOfPayload): string[] {
  return chunks.flatMap(({ headHash, first, starts, ends, positions }) =>
    Array.from(starts, (start, i) => {
      const place = new Uint8Array(8)
      new DataView(place.buffer).setBigUint64(0, BigInt(positions[i] as number))
      const salt = salts.subarray(16 * (first + i), 16 * (first + i + 1))
      return toHex(sha256(Uint8Array.of(0), salt, headHash, place, bytes.subarray(start, ends[i])))
    }),
  )
}

function hexOf(hashes: Uint8Array): string[] {
  return Array.from({ length: hashes.length / 32 }, (_, i) => toHex(hashes.subarray(32 * i, 32 * i + 32)))
}
