import { constants, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { browserPrimitives } from '../../browser/primitives.ts'
import { nodePrimitives } from '../../node/primitives.ts'
import { block, frameHeader } from '../../vectors/zstd-frames.ts'
import { concat, equal, toUtf8 } from '../bytes.ts'
import { mutated } from '../chunks.fixture.ts'
import { Refusal } from '../error.ts'
import type { Primitives } from '../primitives.ts'
import { limits } from '../wire/limits.ts'
import { inflatePayload } from './inflate-payload.ts'

const runs = { seed: 8878 }
const { ZSTD_c_compressionLevel, ZSTD_c_windowLog, ZSTD_c_strategy, ZSTD_c_targetLength } = constants

function compressed(raw: Uint8Array, params: Record<number, number> = {}): Uint8Array {
  return zstdCompressSync(raw, { params: { [ZSTD_c_windowLog]: 23, ...params } })
}

function inflate(p: Primitives, frame: Uint8Array, size: number): Uint8Array | string {
  try {
    return inflatePayload(p, frame, size)
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

/** What libzstd gives is what is expected of the other one, also where both refuse. */
function expectSame(frame: Uint8Array, size: number): Uint8Array | string {
  const [node, browser] = [inflate(nodePrimitives, frame, size), inflate(browserPrimitives, frame, size)]
  if (typeof node === 'string' || typeof browser === 'string') expect(browser).toBe(node)
  else expect(equal(node, browser)).toBe(true)
  return node
}

/** Numbers at random that are the same each time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const next = random(1)
/** Text of few and of many letters, numbers, runs, noise; shorter and longer than a block. */
const texts: Record<string, Uint8Array> = {
  nothing: new Uint8Array(0),
  'one byte': Uint8Array.of(7),
  'one byte many times': new Uint8Array(140_000).fill(0x61),
  'bytes at random': Uint8Array.from({ length: 140_000 }, () => next() * 256),
  'two letters': Uint8Array.from({ length: 20_000 }, () => (next() < 0.9 ? 0x61 : 0x62)),
  'every letter, few of them often': Uint8Array.from({ length: 20_000 }, () => next() ** 4 * 256),
  'lines of a log': toUtf8(
    Array.from(
      { length: 1700 },
      (_, i) =>
        `Nov 24 10:${i % 60}:00 gate sshd[${800 + (i % 9)}]: Failed password from 203.0.113.${Math.floor(next() * 256)} port ${Math.floor(next() * 65_536)}\n`,
    ).join(''),
  ),
  'the same from far away': (() => {
    const noise = Uint8Array.from({ length: 70_000 }, () => next() * 256)
    return concat(noise, noise, noise.subarray(1000, 1100))
  })(),
}

describe('a frame', () => {
  test.each(Object.keys(texts))('of %s is inflated to what was compressed, whatever the level and strategy', (name) => {
    const raw = texts[name]!
    for (const level of [-100, -7, 1, 3, 6, 12, 19])
      expect([level, expectSame(compressed(raw, { [ZSTD_c_compressionLevel]: level }), raw.length)]).toEqual([
        level,
        expect.objectContaining({ length: raw.length }),
      ])
    for (let strategy = 1; strategy <= 9; strategy++) {
      const small = raw.subarray(0, 8000)
      const inflated = expectSame(
        compressed(small, { [ZSTD_c_strategy]: strategy, [ZSTD_c_targetLength]: 64 }),
        small.length,
      )
      expect([strategy, typeof inflated !== 'string' && equal(inflated, small)]).toEqual([strategy, true])
    }
  })

  test('of any bytes is inflated to them', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .uint8Array({ maxLength: 4 })
        .map((some) => Uint8Array.from(Array.from({ length: 50 }, () => [...some]).flat())),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: -5, max: 19 }), (pieces, level) => {
        const raw = concat(...pieces)
        const inflated = expectSame(compressed(raw, { [ZSTD_c_compressionLevel]: level }), raw.length)
        expect(typeof inflated !== 'string' && equal(inflated, raw)).toBe(true)
      }),
      { ...runs, numRuns: 100 },
    )
  })

  const bases = [
    ...['two letters', 'every letter, few of them often', 'lines of a log'].flatMap((name) =>
      [-7, 1, 19].map((level) => {
        const raw = texts[name]!.subarray(0, 1500)
        return { frame: compressed(raw, { [ZSTD_c_compressionLevel]: level }), size: raw.length }
      }),
    ),
    // Two blocks of which the second uses the tables of the first again.
    {
      frame: compressed(texts['lines of a log']!.subarray(0, 132_000), { [ZSTD_c_compressionLevel]: 19 }),
      size: 132_000,
    },
  ]

  test('that was changed is taken by both primitives, to the same bytes, or by neither', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...bases.slice(0, -1)).chain(({ frame, size }) => fc.tuple(mutated(frame), fc.constant(size))),
        ([frame, size]) => {
          expectSame(frame, size)
        },
      ),
      { ...runs, numRuns: 2000 },
    )
  })

  test('of several blocks that was changed where its blocks begin is taken by both primitives or by neither', () => {
    const { frame, size } = bases.at(-1)!
    const second = 9 + 3 + ((frame[9]! + frame[10]! * 256 + frame[11]! * 65_536) >> 3)
    expect(second).toBeLessThan(frame.length - 100)
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        expectSame(frame.with(second + 3 + at, frame[second + 3 + at]! ^ mask), size)
      }),
      { ...runs, numRuns: 60 },
    )
  })

  test('of blocks of random bytes is taken by both primitives or by neither', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom('raw', 'repeat', 'compressed'), fc.uint8Array({ minLength: 1, maxLength: 30 })),
          { minLength: 1, maxLength: 3 },
        ),
        fc.nat(200),
        (blocks, size) => {
          const written = blocks.map(([type, bytes], i) => {
            const last = i === blocks.length - 1
            return type === 'repeat'
              ? block('repeat', bytes.subarray(0, 1), { size: bytes.length, last })
              : block(type as 'raw', bytes, { last })
          })
          expectSame(concat(frameHeader(size), ...written), size)
        },
      ),
      { ...runs, numRuns: 1000 },
    )
  })

  test('of random bytes is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(1000), (bytes, size) => {
        expect(expectSame(bytes, size)).toMatch(/^(payload-malformed|inflate-too-large)$/)
        expect(expectSame(concat(frameHeader(size), bytes), size)).not.toBe('inflate-too-large')
      }),
      { ...runs, numRuns: 1000 },
    )
  })

  test('that says as much as it may in as many blocks as there may be is judged in bounded time', () => {
    const startedAt = performance.now()
    const filled = (piece: Uint8Array, blocks: number) => {
      const whole = new Uint8Array(blocks * piece.length)
      for (let i = 0; i < blocks; i++) whole.set(piece, i * piece.length)
      return concat(frameHeader(limits.raw), whole, block('raw', new Uint8Array(0)))
    }
    // One literal, behind a Huffman tree of the greatest depth, which has to be laid out each time; no sequence.
    const tree = Uint8Array.of(127 + 12, 0xcb, 0xa9, 0x87, 0x65, 0x43, 0x21)
    const literals = concat(Uint8Array.of(0x12, 0, (tree.length + 1) >> 2), tree, Uint8Array.of(3))
    const deep = block('compressed', concat(literals, Uint8Array.of(0)), { last: false })
    const nothing = block('raw', new Uint8Array(0), { last: false })
    const most = 16 + limits.raw / 256

    expect(expectSame(concat(frameHeader(17), deep, block('raw', new Uint8Array(16).fill(1))), 17)).toHaveLength(17)
    for (const frame of [
      filled(nothing, Math.floor(limits.payload / nothing.length)),
      filled(deep, Math.floor(limits.payload / deep.length)),
      filled(deep, most),
      filled(deep, most - 1),
    ])
      expect(expectSame(frame, limits.raw)).toBe('payload-malformed')
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})
