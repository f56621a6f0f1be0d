import { equal } from './bytes.ts'
import type { Primitives } from './primitives.ts'

/** Bytes of a hash. Leaves and nodes are kept side by side in one array: `leaves` below is n x 32 bytes of leaf hashes. */
export const hashBytes = 32

/** SHA-256(0x01 || left || right) of the two hashes at `from` in `hashes`, written to `out` at `at`. */
function hashPair(
  p: Primitives,
  pair: Uint8Array,
  hashes: Uint8Array,
  from: number,
  out: Uint8Array,
  at: number,
): void {
  for (let i = 0; i < 64; i++) pair[i + 1] = hashes[from + i] as number
  p.sha256Into(pair, out, at)
}

function newPair(): Uint8Array {
  const pair = new Uint8Array(65)
  pair[0] = 1
  return pair
}

export function hashNode(p: Primitives, left: Uint8Array, right: Uint8Array): Uint8Array {
  const pair = newPair()
  pair.set(left, 1)
  pair.set(right, 33)
  return p.sha256(pair)
}

/**
 * Root of a tree in the shape of RFC 6962, 2.1 (an odd last node moves up unchanged, none is duplicated).
 * Of no leaves: SHA-256 of nothing.
 */
export function rootOf(p: Primitives, leaves: Uint8Array): Uint8Array {
  let count = leaves.length / hashBytes
  if (count === 0) return p.sha256(new Uint8Array(0))
  const level = leaves.slice()
  const pair = newPair()
  while (count > 1) {
    const pairs = count >> 1
    for (let i = 0; i < pairs; i++) hashPair(p, pair, level, i * 64, level, i * hashBytes)
    if (count % 2 === 1) level.copyWithin(pairs * hashBytes, (count - 1) * hashBytes, count * hashBytes)
    count = pairs + (count % 2)
  }
  return level.slice(0, hashBytes)
}

/** Largest power of two below `n` (n >= 2): where RFC 6962 splits a tree. */
function splitOf(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

function part(leaves: Uint8Array, from: number, to: number): Uint8Array {
  return leaves.subarray(from * hashBytes, to * hashBytes)
}

/** Inclusion path of leaf `index`, from the leaf upwards (RFC 6962, 2.1.1). */
export function pathOf(p: Primitives, leaves: Uint8Array, index: number): Uint8Array[] {
  const count = leaves.length / hashBytes
  if (count <= 1) return []
  const split = splitOf(count)
  return index < split
    ? [...pathOf(p, part(leaves, 0, split), index), rootOf(p, part(leaves, split, count))]
    : [...pathOf(p, part(leaves, split, count), index - split), rootOf(p, part(leaves, 0, split))]
}

/** Root that `path` gives for a leaf, or undefined when the path has not the length that index and count ask for. */
export function rootFromPath(
  p: Primitives,
  leaf: Uint8Array,
  at: { index: number; count: number },
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  let { index, count } = at
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) return undefined
  let hash = leaf
  let used = 0
  while (count > 1) {
    const alone = index === count - 1 && index % 2 === 0
    if (!alone) {
      const sibling = path[used++]
      if (sibling?.length !== hashBytes) return undefined
      hash = index % 2 === 1 ? hashNode(p, sibling, hash) : hashNode(p, hash, sibling)
    }
    index = Math.floor(index / 2)
    count = Math.ceil(count / 2)
  }
  return used === path.length ? hash : undefined
}

/** Proof that the tree of the first `size` leaves is a beginning of this tree (RFC 6962, 2.1.2). */
export function consistencyOf(p: Primitives, leaves: Uint8Array, size: number): Uint8Array[] {
  const count = leaves.length / hashBytes
  return size === 0 || size === count ? [] : subProof(p, leaves, size, true)
}

function subProof(p: Primitives, leaves: Uint8Array, size: number, whole: boolean): Uint8Array[] {
  const count = leaves.length / hashBytes
  if (size === count) return whole ? [] : [rootOf(p, leaves)]
  const split = splitOf(count)
  return size <= split
    ? [...subProof(p, part(leaves, 0, split), size, whole), rootOf(p, part(leaves, split, count))]
    : [...subProof(p, part(leaves, split, count), size - split, false), rootOf(p, part(leaves, 0, split))]
}

interface TreeHead {
  size: number
  root: Uint8Array
}

/** True when `proof` shows that `older` is a beginning of `newer` (RFC 9162, 2.1.4.2). */
export function isConsistent(p: Primitives, older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (older.size > newer.size || proof.some((hash) => hash.length !== hashBytes)) return false
  if (older.size === newer.size) return proof.length === 0 && equal(older.root, newer.root)
  if (older.size === 0) return proof.length === 0 && equal(older.root, p.sha256(new Uint8Array(0)))
  const roots = climb(p, older, newer.size, isPowerOfTwo(older.size) ? [older.root, ...proof] : proof)
  return roots !== undefined && equal(roots.older, older.root) && equal(roots.newer, newer.root)
}

/** The roots of both trees that a consistency proof gives, or undefined when its length does not fit the sizes. */
function climb(p: Primitives, older: TreeHead, newerSize: number, proof: readonly Uint8Array[]) {
  const at = { first: older.size - 1, last: newerSize - 1 }
  const up = () => {
    at.first = Math.floor(at.first / 2)
    at.last = Math.floor(at.last / 2)
  }
  while (at.first % 2 === 1) up()
  const [start, ...rest] = proof
  if (start === undefined) return undefined
  const roots = { older: start, newer: start }
  for (const hash of rest) {
    if (at.last === 0) return undefined
    if (at.first % 2 === 1 || at.first === at.last) {
      roots.older = hashNode(p, hash, roots.older)
      roots.newer = hashNode(p, hash, roots.newer)
      while (at.first % 2 === 0 && at.first !== 0) up()
    } else roots.newer = hashNode(p, roots.newer, hash)
    up()
  }
  return at.last === 0 ? roots : undefined
}

function isPowerOfTwo(n: number): boolean {
  return splitOf(n + 1) === n
}

/** The roots of the full subtrees of a growing tree: all that an append-only log must remember to go on. */
export interface Frontier {
  size: number
  /** Largest subtree first. */
  roots: readonly Uint8Array[]
}

export const emptyFrontier: Frontier = { size: 0, roots: [] }

export function append(p: Primitives, frontier: Frontier, leaf: Uint8Array): Frontier {
  const roots = [...frontier.roots]
  let node = leaf
  for (let size = frontier.size; size % 2 === 1; size = Math.floor(size / 2))
    node = hashNode(p, roots.pop() as Uint8Array, node)
  return { size: frontier.size + 1, roots: [...roots, node] }
}

export function frontierRoot(p: Primitives, frontier: Frontier): Uint8Array {
  const [last, ...rest] = frontier.roots.toReversed()
  if (last === undefined) return p.sha256(new Uint8Array(0))
  return rest.reduce((right, left) => hashNode(p, left, right), last)
}
