import { expect, test } from 'vitest'
import { nodePrimitives as p } from '../node/primitives.ts'
import { ChunkMeter, chunkCount, chunkLength, formatChunk, isChunkFrame, parseChunk } from './artifact.ts'
import { toHex } from './bytes.ts'
import { rootOf } from './merkle.ts'
import { saltOf } from './payload.ts'
import { limits } from './wire/limits.ts'

const sha256 = 'ab'.repeat(32)

test('a chunk comes out of its frame as it went in, at its largest too', () => {
  const bytes = new Uint8Array(limits.chunk).fill(7)
  const frame = formatChunk({ sha256, number: 4_000_000_000, bytes })

  expect(isChunkFrame(frame)).toBe(true)
  expect(parseChunk(frame)).toEqual({ sha256, number: 4_000_000_000, bytes })
  expect(frame.length).toBeLessThan(limits.binaryFrame)
})

test('a chunk that is a byte too long, or has none, is refused', () => {
  const of = (length: number) => () => parseChunk(formatChunk({ sha256, number: 0, bytes: new Uint8Array(length) }))

  expect(of(limits.chunk + 1)).toThrow('chunk-malformed')
  expect(of(0)).toThrow('chunk-malformed')
})

test.each([0, 1, limits.chunk - 1, limits.chunk, limits.chunk + 1, 5 * limits.chunk])(
  'the chunks of %i bytes have that length together',
  (size) => {
    const lengths = Array.from({ length: chunkCount(size) }, (_, i) => chunkLength(size, i))

    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(size)
    expect(lengths.every((length) => length > 0)).toBe(true)
    expect(chunkLength(size, chunkCount(size))).toBe(0)
  },
)

test('the root is that of the tree over salted leaves which names each chunk by its number', () => {
  const seed = new Uint8Array(32).fill(9)
  const parts = [1, 2, 3].map((byte) => new Uint8Array(10).fill(byte))
  const meter = new ChunkMeter(p, seed)
  for (const part of parts) meter.add(part)
  const leaves = parts.map((part, i) =>
    p.sha256(Uint8Array.from([0, ...saltOf(p, seed, i), 0, 0, 0, 0, 0, 0, 0, i, ...part])),
  )

  expect(meter.end()).toEqual({
    size: 30,
    sha256: toHex(p.sha256(Uint8Array.from(parts.flatMap((part) => [...part])))),
    chunkRoot: toHex(rootOf(p, Uint8Array.from(leaves.flatMap((leaf) => [...leaf])))),
  })
})
