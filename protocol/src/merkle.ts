import { concat, equal } from './bytes.ts'
import type { Primitives } from './primitives.ts'

/** Bytes of a hash. Leaves and nodes are kept side by side in one array: `leaves` below is n x 32 bytes of leaf hashes. */
export const hashBytes = 32

/**
 * All hashes of a tree in the shape of RFC 6962, 2.1. Level 0 holds the leaves, every further one the parents of the
 * one below; an odd last node moves up unchanged, none is duplicated. So the node over leaves [from, to) of any
 * subtree of that shape stands at `levels[k][from / 2^k]`, 2^k being the first power of two that holds the subtree.
 */
export interface Tree {
  count: number
  root: Uint8Array
  levels: readonly Uint8Array[]
}

export function treeOf(p: Primitives, leaves: Uint8Array): Tree {
  const count = leaves.length / hashBytes
  const levels = [leaves]
  let top = leaves
  while (top.length > hashBytes) {
    top = parentsOf(p, top, new Uint8Array(parentBytes(top)))
    levels.push(top)
  }
  return { count, root: count === 0 ? p.sha256(top) : top.slice(), levels }
}

/** Root of a tree. Of no leaves: SHA-256 of nothing. */
export function rootOf(p: Primitives, leaves: Uint8Array): Uint8Array {
  if (leaves.length <= hashBytes) return treeOf(p, leaves).root
  let top = parentsOf(p, leaves, new Uint8Array(parentBytes(leaves)))
  // Each parent takes a place whose hashes were read before.
  while (top.length > hashBytes) top = parentsOf(p, top, top.subarray(0, parentBytes(top)))
  return top.slice()
}

function parentBytes(level: Uint8Array): number {
  return Math.ceil(level.length / hashBytes / 2) * hashBytes
}

function parentsOf(p: Primitives, level: Uint8Array, parents: Uint8Array): Uint8Array {
  const count = level.length / hashBytes
  p.hashing(count).parents(level, parents)
  if (count % 2 === 1) parents.set(level.subarray((count - 1) * hashBytes), parents.length - hashBytes)
  return parents
}

/** node = SHA-256(0x01 || left || right). */
export function hashNode(p: Primitives, left: Uint8Array, right: Uint8Array): Uint8Array {
  return p.sha256(concat(Uint8Array.of(1), left, right))
}

/** Some leaves of a tree: those of one of its subtrees. */
interface Span {
  from: number
  to: number
}

/** Where RFC 6962 splits a span of two leaves or more: after the largest power of two below its size. */
function halvesOf({ from, to }: Span): [left: Span, right: Span] {
  let size = 1
  while (size * 2 < to - from) size *= 2
  return [
    { from, to: from + size },
    { from: from + size, to },
  ]
}

function nodeOver(tree: Tree, { from, to }: Span): Uint8Array {
  let k = 0
  while (2 ** k < to - from) k++
  const at = (from / 2 ** k) * hashBytes
  return (tree.levels[k] as Uint8Array).slice(at, at + hashBytes)
}

/** Inclusion path of leaf `index`, from the leaf upwards (RFC 6962, 2.1.1). */
export function pathOf(tree: Tree, index: number): Uint8Array[] {
  if (index < 0 || index >= tree.count) throw new RangeError(`a tree of ${tree.count} has no leaf ${index}`)
  const path: Uint8Array[] = []
  let span: Span = { from: 0, to: tree.count }
  while (span.to - span.from > 1) {
    const [left, right] = halvesOf(span)
    path.push(nodeOver(tree, index < left.to ? right : left))
    span = index < left.to ? left : right
  }
  return path.reverse()
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
export function consistencyOf(tree: Tree, size: number): Uint8Array[] {
  if (size < 0 || size > tree.count) throw new RangeError(`a tree of ${tree.count} has no beginning of ${size}`)
  if (size === 0 || size === tree.count) return []
  const proof: Uint8Array[] = []
  let span: Span = { from: 0, to: tree.count }
  while (span.to !== size) {
    const [left, right] = halvesOf(span)
    proof.push(nodeOver(tree, size <= left.to ? right : left))
    span = size <= left.to ? left : right
  }
  // The older tree's own root is known to whoever asks: it stands in the proof only where it is a part of that tree.
  if (span.from > 0) proof.push(nodeOver(tree, span))
  return proof.reverse()
}

/** Size and root of a growing tree at one moment. */
export interface TreeHead {
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
  return 2 ** Math.round(Math.log2(n)) === n
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
