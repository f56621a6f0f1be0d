import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { browserPrimitives as browser } from '../browser/primitives.ts'
import { nodePrimitives as node } from '../node/primitives.ts'
import { hostKey } from '../vectors/keys.ts'
import { concat, toHex } from './bytes.ts'
import { pointOf } from './primitives.ts'

const runs = { seed: 186 }

describe('both primitives', () => {
  test('hash alike, at once and piece by piece', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (pieces) => {
        const whole = concat(...pieces)
        const expected = toHex(node.sha256(whole))
        for (const p of [node, browser]) {
          const stream = p.sha256Stream()
          for (const piece of pieces) stream.update(piece)
          expect([toHex(p.sha256(whole)), toHex(stream.digest())]).toEqual([expected, expected])
        }
      }),
      { ...runs, numRuns: 60 },
    )
  })

  test('give the same keystream, of whatever length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(300), (key, length) => {
        expect(toHex(browser.aes256ctr(key, length))).toBe(toHex(node.aes256ctr(key, length)))
      }),
      { ...runs, numRuns: 60 },
    )
  })

  test('take the same signatures, as they are and with a byte of key, data or signature changed', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
    const at = fc.nat(200)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 50 }),
        fc.constantFrom('key', 'signature', 'data', 'none'),
        at,
        fc.integer({ min: 1, max: 255 }),
        (data, what, i, mask) => {
          const signature = new Uint8Array(sign('sha256', data, privateKey))
          const changed = (bytes: Uint8Array) => bytes.with(i % bytes.length, bytes[i % bytes.length]! ^ mask)
          fc.pre(what !== 'data' || data.length > 0)
          const given = [
            what === 'key' ? changed(key) : key,
            what === 'data' ? changed(data) : data,
            what === 'signature' ? changed(signature) : signature,
          ] as const
          expect([node.verifyP256(...given), browser.verifyP256(...given)]).toEqual([what === 'none', what === 'none'])
        },
      ),
      { ...runs, numRuns: 120 },
    )
  })
})

test('a browser neither signs nor compresses', () => {
  expect(() => browser.signP256(new Uint8Array(0), new Uint8Array(0))).toThrow('does not sign')
  expect(() => browser.deflate(new Uint8Array(0))).toThrow('does not compress')
})

test('a key has one spelling: any other byte before its point, or a point in another form, is none', () => {
  const { publicKey } = hostKey
  expect(pointOf(publicKey)).toEqual(publicKey.subarray(26))
  for (let at = 0; at <= 26; at++) expect(pointOf(publicKey.with(at, publicKey[at]! ^ 1))).toBeUndefined()
  for (const key of [publicKey.slice(1), publicKey.slice(0, -1), concat(publicKey, Uint8Array.of(0))])
    expect(pointOf(key)).toBeUndefined()
})
