import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nodePrimitives as p } from '../node/primitives.ts'
import { concat, equal, toHex, toUtf8 } from './bytes.ts'
import {
  append,
  consistencyOf,
  emptyFrontier,
  frontierRoot,
  hashNode,
  isConsistent,
  pathOf,
  rootFromPath,
  rootOf,
  type Tree,
  treeOf,
} from './merkle.ts'

const runs = { seed: 6962 }
const largest = 70
const leaves = Array.from({ length: 3000 }, (_, i) => p.sha256(toUtf8(`leaf ${i}`)))
const trees = Array.from({ length: largest + 1 }, (_, size) => treeOfSize(size))

function treeOfSize(size: number): Tree {
  return treeOf(p, concat(...leaves.slice(0, size)))
}

function treeAt(size: number): Tree {
  return trees[size] ?? treeOfSize(size)
}

const larger = fc
  .integer({ min: largest + 1, max: leaves.length })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }))

describe('a tree', () => {
  test('has the root of RFC 6962, whatever its size', () => {
    for (const [size, tree] of trees.entries())
      expect([size, toHex(tree.root)]).toEqual([size, toHex(rootByTheBook(0, size))])
    fc.assert(
      fc.property(larger, ({ size }) => {
        expect(toHex(treeOfSize(size).root)).toBe(toHex(rootByTheBook(0, size)))
      }),
      { ...runs, numRuns: 10 },
    )
  })

  test('has the same root when none of its nodes is kept, and leaves the leaves as they were', () => {
    for (const size of [...Array(70).keys(), 1024, 2047, 5000]) {
      const all = Uint8Array.from({ length: size * 32 }, (_, i) => i * (i >> 5))
      const before = toHex(all)
      expect(toHex(rootOf(p, all))).toBe(toHex(treeOf(p, all).root))
      expect(toHex(all)).toBe(before)
    }
  })

  test('is the same over leaves that lie anywhere in memory', () => {
    for (const offset of [1, 2, 3, 4]) {
      const room = new Uint8Array(11 * 32 + offset)
      room.set(concat(...leaves.slice(0, 11)), offset)
      expect(rootOf(p, room.subarray(offset))).toEqual(treeAt(11).root)
      expect(rootOf(p, Buffer.from(room.buffer, offset))).toEqual(treeAt(11).root)
    }
  })

  test('that grows leaf by leaf has the same roots', () => {
    let frontier = emptyFrontier
    for (let size = 0; size <= 300; size++) {
      expect([size, toHex(frontierRoot(p, frontier))]).toEqual([size, toHex(treeAt(size).root)])
      expect(frontier.roots.length).toBe(size.toString(2).replaceAll('0', '').length)
      frontier = append(p, frontier, leaves[size]!)
    }
  })
})

describe('a path', () => {
  test('is that of RFC 6962 and leads from every leaf to the root', () => {
    for (const [size, tree] of trees.entries())
      for (let index = 0; index < size; index++) {
        const path = pathOf(tree, index)
        expect(path.map(toHex)).toEqual(pathByTheBook(index, 0, size).map(toHex))
        expect(equal(rootFromPath(p, leaves[index]!, { index, count: size }, path)!, tree.root)).toBe(true)
      }
    fc.assert(
      fc.property(larger, ({ size, index }) => {
        const tree = treeOfSize(size)
        expect(equal(rootFromPath(p, leaves[index]!, { index, count: size }, pathOf(tree, index))!, tree.root)).toBe(
          true,
        )
      }),
      { ...runs, numRuns: 20 },
    )
  })

  test('of another leaf, to another index, or with one bit changed does not', () => {
    for (const [size, tree] of trees.slice(0, 20).entries())
      for (let index = 0; index < size; index++) {
        const path = pathOf(tree, index)
        const leads = (leaf: number, at: number, way: readonly Uint8Array[]) =>
          toHex(rootFromPath(p, leaves[leaf]!, { index: at, count: size }, way) ?? new Uint8Array()) ===
          toHex(tree.root)
        for (let other = 0; other < size + 2; other++)
          if (other !== index) expect([leads(other, index, path), leads(index, other, path)]).toEqual([false, false])
        for (const [at, hash] of path.entries()) expect(leads(index, index, path.with(at, flipped(hash)))).toBe(false)
        if (path.length > 0) expect(leads(index, index, path.slice(1))).toBe(false)
        expect(leads(index, index, [...path, leaves[0]!])).toBe(false)
      }
  })

  test('fits another size only where it looks the same there: the size is bound by what is signed', () => {
    for (const [size, tree] of trees.slice(0, 18).entries())
      for (let index = 0; index < size; index++)
        for (let count = 0; count < 24; count++) {
          const given = rootFromPath(p, leaves[index]!, { index, count }, pathOf(tree, index))
          const isSame = index < count && sidesOf(index, count) === sidesOf(index, size)
          expect([index, size, count, given !== undefined && toHex(given) === toHex(tree.root)]).toEqual([
            index,
            size,
            count,
            isSame,
          ])
        }
  })

  test('of no leaf is not made, and numbers that are none lead nowhere', () => {
    for (const index of [-1, 7, 8]) expect(() => pathOf(treeAt(7), index)).toThrow(RangeError)
    for (const index of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])
      expect(rootFromPath(p, leaves[0]!, { index, count: 7 }, [])).toBeUndefined()
  })
})

describe('a consistency proof', () => {
  test('is that of RFC 6962 and shows every beginning of a tree to be one', () => {
    for (const [to, newer] of trees.entries())
      for (let from = 0; from <= to; from++) {
        const proof = consistencyOf(newer, from)
        if (from > 0) expect(proof.map(toHex)).toEqual(proofByTheBook({ from, to }).map(toHex))
        expect([from, to, isConsistent(p, headAt(from), headAt(to), proof)]).toEqual([from, to, true])
      }
    fc.assert(
      fc.property(larger, ({ size, index }) => {
        const newer = treeOfSize(size)
        const older = treeOfSize(index)
        const proof = consistencyOf(newer, index)
        expect(isConsistent(p, { size: index, root: older.root }, { size, root: newer.root }, proof)).toBe(true)
      }),
      { ...runs, numRuns: 20 },
    )
  })

  test('does not show it of another root, with one bit changed, or with a hash more or less', () => {
    for (let to = 1; to < 20; to++)
      for (let from = 1; from < to; from++) {
        const [older, newer] = [headAt(from), headAt(to)]
        const proof = consistencyOf(treeAt(to), from)
        const shows = (way: readonly Uint8Array[], a = older, b = newer) => isConsistent(p, a, b, way)
        expect(shows(proof, { ...older, root: flipped(older.root) })).toBe(false)
        expect(shows(proof, older, { ...newer, root: flipped(newer.root) })).toBe(false)
        for (const [at, hash] of proof.entries()) expect(shows(proof.with(at, flipped(hash)))).toBe(false)
        for (const [at] of proof.entries()) expect(shows(proof.toSpliced(at, 1))).toBe(false)
        expect(shows([...proof, leaves[0]!])).toBe(false)
        expect(shows([leaves[0]!, ...proof])).toBe(false)
      }
  })

  test('does not show it of another older size', () => {
    for (let to = 1; to < 30; to++)
      for (let from = 1; from < to; from++) {
        const proof = consistencyOf(treeAt(to), from)
        for (let size = 0; size <= to + 1; size++)
          if (size !== from) expect(isConsistent(p, { ...headAt(from), size }, headAt(to), proof)).toBe(false)
      }
  })

  test('of a past that was changed does not exist: no beginning of another tree is shown', () => {
    const changed = treeOf(p, concat(flipped(leaves[0]!), ...leaves.slice(1, 40)))
    for (let from = 1; from <= 40; from++)
      expect(isConsistent(p, headAt(from), { size: 40, root: changed.root }, consistencyOf(changed, from))).toBe(false)
  })

  test('of hashes at random shows nothing and ends', () => {
    const hash = fc.uint8Array({ minLength: 31, maxLength: 33 })
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), fc.array(hash, { maxLength: 60 }), (from, to, proof) => {
        const older = { size: from, root: leaves[0]! }
        expect(isConsistent(p, older, { size: to, root: leaves[1]! }, proof)).toBe(false)
      }),
      runs,
    )
  })

  test('of more leaves than there are is not made', () => {
    expect(() => consistencyOf(treeAt(7), 8)).toThrow(RangeError)
    expect(() => consistencyOf(treeAt(7), -1)).toThrow(RangeError)
  })
})

function headAt(size: number) {
  return { size, root: treeAt(size).root }
}

function flipped(hash: Uint8Array): Uint8Array {
  return hash.with(31, (hash[31] ?? 0) ^ 1)
}

/** On which side a sibling stands, step by step. */
function sidesOf(index: number, count: number): string {
  if (count <= 1) return ''
  const side = index % 2 === 1 ? 'left' : index === count - 1 ? '' : 'right'
  return `${side} ${sidesOf(index >> 1, Math.ceil(count / 2))}`.trim()
}

/** What follows is RFC 6962, 2.1, written down as it stands there, over the leaves [from, to). */
function rootByTheBook(from: number, to: number): Uint8Array {
  if (to === from) return p.sha256(new Uint8Array(0))
  if (to - from === 1) return leaves[from]!
  const k = splitOf(to - from)
  return hashNode(p, rootByTheBook(from, from + k), rootByTheBook(from + k, to))
}

function pathByTheBook(index: number, from: number, to: number): Uint8Array[] {
  if (to - from === 1) return []
  const k = splitOf(to - from)
  return index < k
    ? [...pathByTheBook(index, from, from + k), rootByTheBook(from + k, to)]
    : [...pathByTheBook(index - k, from + k, to), rootByTheBook(from, from + k)]
}

function proofByTheBook({ from, to }: { from: number; to: number }): Uint8Array[] {
  return subProof(from, { from: 0, to }, true)
}

function subProof(size: number, { from, to }: { from: number; to: number }, isWhole: boolean): Uint8Array[] {
  if (size === to - from) return isWhole ? [] : [rootByTheBook(from, to)]
  const k = splitOf(to - from)
  return size <= k
    ? [...subProof(size, { from, to: from + k }, isWhole), rootByTheBook(from + k, to)]
    : [...subProof(size - k, { from: from + k, to }, false), rootByTheBook(from, from + k)]
}

/** The largest power of two below n. */
function splitOf(n: number): number {
  return 2 ** (Math.ceil(Math.log2(n)) - 1)
}
