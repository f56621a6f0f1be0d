import fc from 'fast-check'
import { expect, test } from 'vitest'
import { browserPrimitives } from '../../browser/primitives.ts'
import { nodePrimitives } from '../../node/primitives.ts'
import { toHex } from '../bytes.ts'
import { newFourAtOnce } from './four-at-once.ts'
import { type HashInto, type Hashing, hashOneByOne } from './hashing.ts'

const hashInto: HashInto = (data, out, at) => out.set(nodePrimitives.sha256(data), at)
/** Around the end of a block, of the longest message that is hashed beside others, and of what lies behind it. */
const lengths = fc.oneof(fc.nat(130), fc.integer({ min: 495, max: 520 }), fc.nat(3000))
const messages = fc.array(
  lengths.chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
  { maxLength: 40 },
)

test.each([
  ['one by one', (out: Uint8Array, longest: number) => hashOneByOne(hashInto, out, longest)],
  ['four at once', newFourAtOnce(hashInto)],
])('messages of any lengths in any order are hashed alike: %s', (_, begin) => {
  expect(begin).toBeDefined()
  fc.assert(
    fc.property(messages, fc.array(fc.nat(1000)), (all, order) => {
      expect(hashedBy(begin!, all, order)).toEqual(all.map((message) => toHex(nodePrimitives.sha256(message))))
    }),
    { seed: 418, numRuns: 200 },
  )
})

test('the hashing of each set of primitives gives the same, for few messages and for many', () => {
  const all = Array.from({ length: 3000 }, (_, i) => Uint8Array.from({ length: i % 700 }, (__, k) => i * k))
  const expected = all.map((message) => toHex(nodePrimitives.sha256(message)))
  for (const p of [nodePrimitives, browserPrimitives])
    for (const count of [5, 3000]) {
      const begin = (out: Uint8Array, longest: number) => p.hashing(out, { count, longest })
      expect(hashedBy(begin, all.slice(0, count))).toEqual(expected.slice(0, count))
    }
})

test('where hashing four at once gives something else than hashing alone it is not used', () => {
  expect(newFourAtOnce((_, out, at) => out.fill(1, at, at + 32))).toBeUndefined()
})

/** Hashes as text, each in the place of its message. @param order in which they are hashed: number by number the next of those that are left */
function hashedBy(
  begin: (out: Uint8Array, longest: number) => Hashing,
  all: readonly Uint8Array[],
  order: readonly number[] = [],
): string[] {
  const out = new Uint8Array(all.length * 32)
  const hashing = begin(out, Math.max(0, ...all.map(({ length }) => length)))
  const left = all.map((message, index) => ({ message, index }))
  for (let i = 0; left.length > 0; i++) {
    const [{ message, index } = { message: new Uint8Array(0), index: 0 }] = left.splice(
      (order[i] ?? 0) % left.length,
      1,
    )
    const at = hashing.next(message.length, index)
    hashing.bytes.set(message, at)
  }
  hashing.end()
  return all.map((_, index) => toHex(out.subarray(index * 32, index * 32 + 32)))
}
