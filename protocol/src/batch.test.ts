import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { browserPrimitives } from '../browser/primitives.ts'
import { nodePrimitives as p } from '../node/primitives.ts'
import { chunkOf, fileHead, good, lines, sealed, sealedSmall, seed, withRaw } from '../vectors/evidence.ts'
import { hostKey } from '../vectors/keys.ts'
import {
  type Batch,
  findRecord,
  joinHead,
  openBatch,
  parseHeader,
  placeOf,
  recordBytes,
  seal,
  splitBatch,
  type Tip,
  verifyBatch,
} from './batch.ts'
import { concat, toHex, toUtf8 } from './bytes.ts'
import { chunks, mutated, told } from './chunks.fixture.ts'
import { type Code, Refusal } from './error.ts'
import { encodePayload } from './payload.ts'
import { limits } from './wire/limits.ts'

const runs = { seed: 5077 }
const many = sealedSmall([
  chunkOf(
    fileHead,
    Array.from({ length: 300 }, (_, i) => toUtf8(`line ${i} of three hundred`)),
  ),
])

/** Code of the refusal, or undefined when the batch is taken. Anything but a refusal is a failure. */
function refusalOf(bytes: Uint8Array, key = hostKey.publicKey): Code | undefined {
  try {
    const batch = splitBatch(p, bytes)
    verifyBatch(p, batch, key)
    openBatch(p, batch)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

describe('a batch', () => {
  test('is opened to the records that were sealed, on both primitives', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
    const pkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }))
    const { tw: _, root: _r, count: _c, rawBytes: _b, payloadBytes: _p, payloadSha256: _s, ...statement } = good.header
    fc.assert(
      fc.property(chunks, (given) => {
        const made = seal(p, given, { seed, statement, sign: (data) => p.signP256(pkcs8, data) })
        for (const on of [p, browserPrimitives]) {
          const batch = splitBatch(on, made.bytes.slice())
          verifyBatch(on, batch, spki)
          const open = openBatch(on, batch)

          expect(batch.headerHash).toBe(made.headerHash)
          expect(open.header).toEqual(made.header)
          expect(open.chunks.map(({ head }) => head)).toEqual(given.map(({ head }) => head))
          const records = given.flatMap(told)
          expect(open.header.count).toBe(records.length)
          for (const [index, { position, record }] of records.entries()) {
            const { chunk, at } = findRecord(open, index)!
            expect([chunk.positions[at], toHex(recordBytes(chunk, at))]).toEqual([position, toHex(record)])
          }
          expect(findRecord(open, records.length)).toBeUndefined()
        }
      }),
      { ...runs, numRuns: 15 },
    )
  })

  test('of which any single byte is another one is refused, whichever it is', () => {
    for (const { bytes } of [good, many])
      for (let at = 0; at < bytes.length; at++) {
        const mask = 1 + ((at * 89) % 255)
        expect([at, refusalOf(bytes.with(at, bytes[at]! ^ mask))]).toEqual([at, expect.any(String)])
      }
  })

  test('of which any single byte is another one is refused, or has another header or signature, also where no key is known', () => {
    fc.assert(
      fc.property(fc.nat(good.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        try {
          const other = splitBatch(p, good.bytes.with(at, good.bytes[at]! ^ mask))
          openBatch(p, other)
          expect([other.headerHash, toHex(other.signature)]).not.toEqual([good.headerHash, toHex(good.signature)])
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
        }
      }),
      { ...runs, numRuns: 200 },
    )
  })

  test('made of random or cut bytes is refused by name', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.uint8Array({ maxLength: 200 }).map((bytes) => concat(toUtf8('TWB1'), bytes)),
          mutated(good.bytes),
        ),
        (bytes) => {
          expect(refusalOf(bytes)).toEqual(expect.any(String))
        },
      ),
      { ...runs, numRuns: 200 },
    )
  })

  test('whose host signed other records than its root is of is refused, whatever the payload says', () => {
    const raw = encodePayload(seed, [chunkOf(fileHead, lines)])
    fc.assert(
      fc.property(mutated(raw), (other) => {
        fc.pre(toHex(other) !== toHex(raw))
        expect(['payload-malformed', 'root-wrong']).toContain(refusalOf(withRaw(other)))
      }),
      { ...runs, numRuns: 200 },
    )
  })

  test('of more bytes than the limit is not sealed', () => {
    const record = new Uint8Array(limits.record)
    expect(() => sealed([1, 2, 3, 4, 5].map(() => chunkOf(fileHead, [record])))).toThrow(
      expect.objectContaining({ code: 'batch-too-large' }),
    )
  })

  test('has a head that can be stored apart from its payload', () => {
    expect(concat(joinHead(good.headerBytes, good.signature), good.payload)).toEqual(good.bytes)
  })
})

describe('a header', () => {
  const wordOf = (error: unknown) => (error instanceof Refusal ? error.code : error)
  const tryHeader = (bytes: Uint8Array) => {
    try {
      return parseHeader(bytes)
    } catch (error) {
      return wordOf(error)
    }
  }

  test('is read back as it was written, or refused', () => {
    fc.assert(
      fc.property(fc.oneof(mutated(good.headerBytes), fc.json().map(toUtf8)), (bytes) => {
        const header = tryHeader(bytes)
        if (header !== 'header-malformed') expect(toUtf8(JSON.stringify(header))).toEqual(bytes)
      }),
      { ...runs, numRuns: 500 },
    )
  })

  test('is refused when it is over the limit, also where it is not part of a batch', () => {
    const source = { ...good.header.sources[0]!, id: `log-file:/${'x'.repeat(400)}` }
    const withSources = (length: number) =>
      toUtf8(JSON.stringify({ ...good.header, sources: Array.from({ length }, () => source) }))

    expect(withSources(340).length).toBeLessThan(limits.header)
    expect(tryHeader(withSources(340))).toMatchObject({ seq: 1 })
    expect(withSources(600).length).toBeGreaterThan(limits.header)
    expect(tryHeader(withSources(600))).toBe('header-malformed')
  })
})

test('a chain takes batches in their order once, and names whatever is not the next one', () => {
  const chain = chainOf(12)
  fc.assert(
    fc.property(fc.array(fc.nat(11), { maxLength: 40 }), (order) => {
      const held = new Map<number, string>()
      let tip: Tip | null = null
      for (const i of order) {
        const batch = chain[i]!
        const { seq } = batch.header
        const place = placeOf(batch, tip, held.get(seq))
        expect(place).toBe(held.has(seq) ? 'repeated' : seq === held.size + 1 ? 'next' : 'gap')
        if (place !== 'next') continue
        held.set(seq, batch.headerHash)
        tip = { seq, headerHash: batch.headerHash }
        expect(placeOf({ ...batch, headerHash: '0'.repeat(64) }, tip, batch.headerHash)).toBe('fork')
      }
    }),
    { ...runs, numRuns: 100 },
  )
})

function chainOf(length: number): Batch[] {
  const chain: Batch[] = []
  for (let seq = 1; seq <= length; seq++) chain.push(sealed([], { seq, prev: chain.at(-1)?.headerHash ?? null }))
  return chain
}
