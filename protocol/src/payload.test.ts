import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { browserPrimitives } from '../browser/primitives.ts'
import { nodePrimitives as p } from '../node/primitives.ts'
import { chunkOf, fileHead, lines, seed } from '../vectors/evidence.ts'
import { concat, toUtf8 } from './bytes.ts'
import { chunks, mutated, told } from './chunks.fixture.ts'
import { Refusal } from './error.ts'
import { decodePayload, encodePayload, leafOf, leavesOf, type OpenChunk, saltOf } from './payload.ts'
import { limits } from './wire/limits.ts'

const runs = { seed: 8493 }

function read({ bytes, starts, ends, positions, count }: OpenChunk) {
  return Array.from({ length: count }, (_, i) => ({
    position: positions[i],
    record: bytes.slice(starts[i], ends[i]),
  }))
}

/** The chunks, or undefined when the payload is refused as one. */
function tryDecode(raw: Uint8Array): ReturnType<typeof decodePayload> | undefined {
  try {
    return decodePayload(raw)
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal)
    expect(error).toMatchObject({ code: 'payload-malformed' })
    return undefined
  }
}

describe('a payload', () => {
  test('gives back every record and position as they were handed over, with or without LF, jumps, NUL or any byte at all', () => {
    fc.assert(
      fc.property(chunks, fc.uint8Array({ minLength: 32, maxLength: 32 }), (given, random) => {
        const open = decodePayload(encodePayload(random, given))

        expect(open.seed).toEqual(random)
        expect(open.count).toBe(given.reduce((sum, { lengths }) => sum + lengths.length, 0))
        expect(open.chunks.map(({ head }) => head)).toEqual(given.map(({ head }) => head))
        expect(open.chunks.map(read)).toEqual(given.map(told))
        let first = 0
        for (const chunk of open.chunks) {
          expect(chunk.first).toBe(first)
          expect(chunk.headLine).toEqual(toUtf8(JSON.stringify(chunk.head)))
          first += chunk.count
        }
      }),
      { ...runs, numRuns: 120 },
    )
  })

  test('of which a byte is changed, missing or too many is refused or read as what it then says', () => {
    const raw = encodePayload(seed, [chunkOf(fileHead, lines, new Map([[1, 9000]])), chunkOf(fileHead, [])])
    fc.assert(
      fc.property(mutated(raw), (other) => {
        const open = tryDecode(other)
        if (open === undefined) return
        // What was taken is seed, lines and records to the last byte, one behind the other.
        const ends = open.chunks.flatMap((chunk) => [...chunk.ends])
        expect(ends.toSorted((a, b) => a - b)).toEqual(ends)
        expect(Math.max(32, ...ends)).toBeLessThanOrEqual(other.length)
        const again = open.chunks.map((chunk) =>
          chunkOf(
            chunk.head,
            read(chunk).map(({ record }) => record),
            new Map(read(chunk).map(({ position }, i) => [i, position ?? 0])),
          ),
        )
        expect(decodePayload(encodePayload(open.seed, again)).chunks.map(read)).toEqual(open.chunks.map(read))
      }),
      { ...runs, numRuns: 500 },
    )
  })

  test('of random bytes is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => {
        expect(tryDecode(raw)?.chunks ?? []).toEqual([])
      }),
      { ...runs, numRuns: 500 },
    )
  })

  test('that says as much as it may is read in bounded time', () => {
    const head = JSON.stringify({ ...fileHead, lf: false })
    const filled = (piece: string) => concat(seed, toUtf8(piece.repeat(Math.floor(limits.raw / piece.length))))
    const startedAt = performance.now()

    // As many chunks as have room, and no record in any of them; then as many records as there may be, and one more.
    expect(decodePayload(filled(`${head}\n\n`)).count).toBe(0)
    expect(decodePayload(concat(seed, toUtf8(`${head}\n${'0 '.repeat(limits.records - 1)}0\n`))).count).toBe(
      limits.records,
    )
    expect(tryDecode(concat(seed, toUtf8(`${head}\n${'0 '.repeat(limits.records)}0\n`)))).toBeUndefined()
    for (const piece of ['\n', '{}\n', `${head}\n`, '[', '"'.repeat(1000), '0 '])
      expect(tryDecode(filled(piece))).toBeUndefined()
    expect(performance.now() - startedAt).toBeLessThan(15_000)
  })
})

describe('leaves', () => {
  test('made in one go are those made one by one, on both primitives', () => {
    fc.assert(
      fc.property(chunks, (given) => {
        const open = decodePayload(encodePayload(seed, given))
        const leaves = leavesOf(p, open.seed, open.chunks, open.count)
        expect(leavesOf(browserPrimitives, open.seed, open.chunks, open.count)).toEqual(leaves)

        const single = open.chunks.flatMap((chunk) =>
          read(chunk).map(({ position = 0, record }, i) =>
            leafOf(p, { salt: saltOf(p, seed, chunk.first + i), headLine: chunk.headLine, position, record }),
          ),
        )
        expect(leaves).toEqual(concat(...single))
      }),
      { ...runs, numRuns: 30 },
    )
  })

  test('of records over 64 and over 4,096 bytes are made in the same way', () => {
    const records = [0, 63, 64, 65, 4095, 4096, 4097, 70_000].map((length) => new Uint8Array(length).fill(0x61))
    const open = decodePayload(encodePayload(seed, [chunkOf(fileHead, records)]))
    const [chunk] = open.chunks

    expect(leavesOf(p, seed, open.chunks, open.count)).toEqual(
      concat(
        ...records.map((record, i) =>
          leafOf(p, { salt: saltOf(p, seed, i), headLine: chunk!.headLine, position: chunk!.positions[i]!, record }),
        ),
      ),
    )
  })

  test('have salts that are the blocks of one keystream, none twice', () => {
    const stream = p.aes256ctr(seed, 16 * 100)
    const salts = Array.from({ length: 100 }, (_, i) => saltOf(p, seed, i))

    expect(concat(...salts)).toEqual(new Uint8Array(stream))
    expect(new Set(salts.map((salt) => salt.join())).size).toBe(100)
  })
})
