import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { browserPrimitives } from '../browser/primitives.ts'
import { nodePrimitives as p } from '../node/primitives.ts'
import { chunkOf, fileHead, lines, sealed } from '../vectors/evidence.ts'
import { hostKey, otherKey } from '../vectors/keys.ts'
import { openBatch } from './batch.ts'
import { fromBase64, toBase64, toHex } from './bytes.ts'
import { chunks, told } from './chunks.fixture.ts'
import { Refusal } from './error.ts'
import { checkProof, type Proof, type ProvenRecord, prove } from './proof.ts'
import { limits } from './wire/limits.ts'

const runs = { seed: 2077 }
const batch = sealed([chunkOf(fileHead, lines), chunkOf({ ...fileHead, source: 'login:btmp', unit: 'row' }, lines)])
const open = openBatch(p, batch)
const proofs = lines.flatMap((_, i) => [prove(p, batch, open, i), prove(p, batch, open, lines.length + i)])

/** What is shown, or the code it is refused with. */
function check(proof: unknown, key = hostKey.publicKey): ProvenRecord | string {
  try {
    return checkProof(p, proof, key)
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

describe('a proof', () => {
  test('shows each record of a batch to be sealed by its host, on both primitives', () => {
    fc.assert(
      fc.property(chunks, (given) => {
        const made = sealed(given)
        const opened = openBatch(p, made)
        const expected = given.flatMap((chunk) => told(chunk).map((one) => ({ ...one, head: chunk.head })))
        for (const [index, { record, position, head }] of expected.entries()) {
          const proof: unknown = JSON.parse(JSON.stringify(prove(p, made, opened, index)))
          for (const on of [p, browserPrimitives])
            expect(checkProof(on, proof, hostKey.publicKey)).toEqual({
              id: `${hostKey.host}/1/${index}`,
              head,
              position,
              record,
            })
        }
        expect(() => prove(p, made, opened, expected.length)).toThrow(RangeError)
      }),
      { ...runs, numRuns: 8 },
    )
  })

  test('of which record, salt, position, chunk head, index, path, header or signature is another one shows nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...proofs), changes, (proof, change) => {
        const other = change(proof)
        fc.pre(JSON.stringify(other) !== JSON.stringify(proof))
        expect([other, check(other)]).toEqual([other, expect.stringMatching(/^(proof|header|signature)-/)])
      }),
      { ...runs, numRuns: 300 },
    )
  })

  test('with parts of the proof of another record of the batch shows nothing', () => {
    const members = ['index', 'salt', 'chunk', 'position', 'record', 'path'] as const
    for (const proof of proofs)
      for (const other of proofs)
        for (const member of members)
          if (JSON.stringify(proof[member]) !== JSON.stringify(other[member]))
            expect([member, check({ ...proof, [member]: other[member] })]).toEqual([member, 'proof-wrong'])
  })

  test('shows nothing for the key of another host', () => {
    for (const proof of proofs) expect(check(proof, otherKey.publicKey)).toBe('signature-wrong')
  })

  test('that is any JSON at all is refused by name', () => {
    const proof = proofs[0]!
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc
            .tuple(fc.constantFrom(...Object.keys(proof)), fc.jsonValue())
            .map(([name, value]) => ({ ...proof, [name]: value })),
        ),
        (value) => {
          if (JSON.stringify(value) === JSON.stringify(proof)) return
          expect(check(value)).toEqual(expect.stringMatching(/^(proof|header|signature)-/))
        },
      ),
      { ...runs, numRuns: 300 },
    )
  })

  test('of a record over the limit is malformed, and of one at the limit is not', () => {
    const [proof] = proofs
    const withRecord = (bytes: number) => ({ ...proof, record: toBase64(new Uint8Array(bytes)) })

    expect(check(withRecord(limits.record))).toBe('proof-wrong')
    expect(check(withRecord(limits.record + 1))).toBe('proof-malformed')
  })
})

const flippedBase64 = (text: string, at: number, mask: number) => {
  const bytes = fromBase64(text) ?? new Uint8Array(0)
  return toBase64(
    bytes.length === 0 ? Uint8Array.of(mask) : bytes.with(at % bytes.length, bytes[at % bytes.length]! ^ mask),
  )
}
const flippedHex = (text: string, at: number, mask: number) => {
  const bytes = Buffer.from(text, 'hex')
  return toHex(bytes.with(at % bytes.length, bytes[at % bytes.length]! ^ mask))
}
const flippedText = (text: string, at: number, mask: number) => {
  const code = text.charCodeAt(at % text.length) ^ (mask % 128 || 1)
  return text.slice(0, at % text.length) + String.fromCharCode(code) + text.slice((at % text.length) + 1)
}

/** One thing changed in one place. */
const changes: fc.Arbitrary<(proof: Proof) => Proof> = fc
  .tuple(fc.nat(100_000), fc.integer({ min: 1, max: 255 }))
  .chain(([at, mask]) =>
    fc.constantFrom<(proof: Proof) => Proof>(
      (proof) => ({ ...proof, record: flippedBase64(proof.record, at, mask) }),
      (proof) => ({ ...proof, record: proof.record.slice(0, -4) }),
      (proof) => ({ ...proof, salt: flippedHex(proof.salt, at, mask) }),
      (proof) => ({ ...proof, position: at }),
      (proof) => ({ ...proof, chunk: flippedText(proof.chunk, at, mask) }),
      (proof) => ({ ...proof, index: at % 8 }),
      (proof) => ({
        ...proof,
        path: proof.path.with(at % proof.path.length, flippedHex(proof.path[at % proof.path.length]!, at, mask)),
      }),
      (proof) => ({ ...proof, path: proof.path.toSpliced(at % proof.path.length, 1) }),
      (proof) => ({ ...proof, path: proof.path.toSpliced(at % proof.path.length, 0, proof.path[0]!) }),
      (proof) => ({ ...proof, path: proof.path.toReversed() }),
      (proof) => ({ ...proof, header: flippedText(proof.header, at, mask) }),
      (proof) => ({ ...proof, signature: flippedBase64(proof.signature, at, mask) }),
    ),
  )
