import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodePrimitives as p } from '../node/primitives.ts'
import { sealed } from '../vectors/evidence.ts'
import { ledgerKey, otherKey } from '../vectors/keys.ts'
import type { SignedHead } from './batch.ts'
import { concat, fromHex, toHex } from './bytes.ts'
import { Refusal } from './error.ts'
import { checkHead, entryOf, type Head, parseHead, signHead } from './log.ts'
import {
  append,
  consistencyOf,
  emptyFrontier,
  frontierRoot,
  isConsistent,
  pathOf,
  rootFromPath,
  treeOf,
} from './merkle.ts'

const runs = { seed: 6962 }
const ledger = '0123456789abcdef0123456789abcdef'
const time = '2026-11-24T10:00:00.000Z'

function check(signed: SignedHead, key = ledgerKey.publicKey): Head | string {
  try {
    return checkHead(p, signed, key)
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

describe('a head', () => {
  test('is read back as it was signed', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, root) => {
        const signed = signHead({ ledger, size, root, time }, ledgerKey.sign)
        expect(check(signed)).toEqual({ tw: 'head/1', ledger, size, root: toHex(root), time })
        expect(check(signed, otherKey.publicKey)).toBe('head-wrong')
      }),
      { ...runs, numRuns: 20 },
    )
  })

  test('of any other text is refused by name', () => {
    const { head, signature } = signHead({ ledger, size: 41, root: new Uint8Array(32), time }, ledgerKey.sign)
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.nat(head.length - 1).map((at) => head.slice(0, at) + head.slice(at + 1)),
        ),
        (text) => {
          expect(check({ head: text, signature })).toMatch(/^head-(malformed|wrong)$/)
          expect(check({ head, signature: text })).toBe('head-wrong')
        },
      ),
      { ...runs, numRuns: 300 },
    )
  })
})

test('an entry is bound to its place, its time, its header and its signature', () => {
  const { headerHash, signature } = sealed([])
  const entry = { position: 7, receivedAtMs: 1_795_000_000_123, headerHash, signature }
  const hashes = [
    entry,
    { ...entry, position: 8 },
    { ...entry, receivedAtMs: entry.receivedAtMs + 1 },
    { ...entry, position: entry.receivedAtMs, receivedAtMs: entry.position },
    { ...entry, headerHash: '0'.repeat(64) },
    { ...entry, signature: signature.slice(1) },
  ].map((one) => toHex(entryOf(p, one)))

  expect(new Set(hashes).size).toBe(hashes.length)
})

test('every head of a growing ledger is a beginning of every later one, and every entry is in all that follow it', () => {
  const entries = Array.from({ length: 40 }, (_, position) =>
    entryOf(p, {
      position,
      receivedAtMs: position * 1000,
      headerHash: toHex(p.sha256(Uint8Array.of(position))),
      signature: Uint8Array.of(1),
    }),
  )
  let frontier = emptyFrontier
  const heads = [parseHead(signHead({ ledger, size: 0, root: frontierRoot(p, frontier), time }, ledgerKey.sign))]
  for (const entry of entries) {
    frontier = append(p, frontier, entry)
    heads.push(
      parseHead(signHead({ ledger, size: frontier.size, root: frontierRoot(p, frontier), time }, ledgerKey.sign)),
    )
  }
  for (const newer of heads) {
    const tree = treeOf(p, concat(...entries.slice(0, newer.size)))
    expect(newer.root).toBe(toHex(tree.root))
    for (const older of heads.slice(0, newer.size + 1)) {
      const [a, b] = [older, newer].map(({ size, root }) => ({ size, root: fromHex(root)! }))
      expect([older.size, newer.size, isConsistent(p, a!, b!, consistencyOf(tree, older.size))]).toEqual([
        older.size,
        newer.size,
        true,
      ])
    }
    for (let index = 0; index < newer.size; index++)
      expect(toHex(rootFromPath(p, entries[index]!, { index, count: newer.size }, pathOf(tree, index))!)).toBe(
        newer.root,
      )
  }
})
