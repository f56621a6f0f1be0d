import { concat, consistencyOf, pathOf, type Tree, toHex, toUtf8, treeOf } from '@tidewaiter/protocol'
import { nodePrimitives as p } from '@tidewaiter/protocol/node'
import type { Case } from './case.ts'
import type { ConsistencyInput, InclusionInput } from './read.ts'

/** Trees over leaves that are the SHA-256 of "leaf 0", "leaf 1" and so on. */

const leaf = (index: number) => p.sha256(toUtf8(`leaf ${index}`))

function treeOfSize(size: number): Tree {
  return treeOf(p, concat(...Array.from({ length: size }, (_, i) => leaf(i))))
}

const sizes = [1, 2, 3, 4, 5, 7, 8, 11, 16, 21]

function inclusion(size: number, index: number): InclusionInput {
  const tree = treeOfSize(size)
  return { leaf: toHex(leaf(index)), index, count: size, path: pathOf(tree, index).map(toHex), root: toHex(tree.root) }
}

const inclusionsInOrder = sizes.flatMap((size) =>
  [...new Set([0, size >> 1, size - 1])].map((index) => ({
    name: `leaf ${index} of ${size}`,
    input: inclusion(size, index),
    gives: true,
  })),
)

const included = inclusion(11, 8)
const [nearest = '', ...higher] = included.path

export const inclusions: Case<InclusionInput>[] = [
  ...inclusionsInOrder,
  {
    name: 'a tree of another size in which the path is the same: what binds the size is the signature, not the path',
    input: { ...included, count: 12 },
    gives: true,
  },
  ...Object.entries<InclusionInput>({
    'another leaf': { ...included, leaf: toHex(leaf(9)) },
    'another index': { ...included, index: 9 },
    'an index below 0': { ...included, index: -1 },
    'an index that is not whole': { ...included, index: 8.5 },
    'an index behind the last': { ...included, index: 11 },
    'a smaller tree': { ...included, count: 10 },
    'a larger tree, in which the path is longer': { ...included, count: 13 },
    'another root': { ...included, root: nearest },
    'a path too short': { ...included, path: higher },
    'a path too long': { ...included, path: [...included.path, nearest] },
    'a path in another order': { ...included, path: [...higher, nearest] },
    'a hash of 31 bytes': { ...included, path: [nearest.slice(2), ...higher] },
    'a leaf of no tree': { ...included, index: 0, count: 0, path: [] },
  }).map(([name, input]) => ({ name, input, gives: false })),
]

function consistency(from: number, to: number): ConsistencyInput {
  const [older, newer] = [treeOfSize(from), treeOfSize(to)]
  return {
    older: { size: from, root: toHex(older.root) },
    newer: { size: to, root: toHex(newer.root) },
    proof: consistencyOf(newer, from).map(toHex),
  }
}

const pairs = [
  [0, 0],
  [0, 5],
  [1, 1],
  [1, 2],
  [2, 3],
  [3, 4],
  [3, 7],
  [4, 7],
  [6, 8],
  [7, 8],
  [8, 11],
  [11, 16],
  [10, 21],
  [16, 21],
] as const

const grown = consistency(6, 11)
const [start = '', ...rest] = grown.proof

export const consistencies: Case<ConsistencyInput>[] = [
  ...pairs.map(([from, to]) => ({
    name: `${to} leaves begin with these ${from}`,
    input: consistency(from, to),
    gives: true,
  })),
  {
    name: 'another newer size to which the proof is the same: what binds a size to its root is the signature of the head',
    input: { ...grown, newer: { ...grown.newer, size: 12 } },
    gives: true,
  },
  ...Object.entries<ConsistencyInput>({
    'another older root': { ...grown, older: { size: 6, root: start } },
    'another newer root': { ...grown, newer: { size: 11, root: start } },
    'another older size': { ...grown, older: { ...grown.older, size: 5 } },
    'another newer size, to which the proof is longer': { ...grown, newer: { ...grown.newer, size: 17 } },
    'an older tree that is larger': { older: grown.newer, newer: grown.older, proof: grown.proof },
    'the same size and another root': { older: grown.older, newer: { size: 6, root: start }, proof: [] },
    'the same tree and a proof': { older: grown.older, newer: grown.older, proof: [start] },
    'no leaves, and a root that is not that of none': {
      older: { size: 0, root: start },
      newer: grown.newer,
      proof: [],
    },
    'no leaves, and a proof': { older: consistency(0, 5).older, newer: grown.newer, proof: [start] },
    'a proof too short': { ...grown, proof: rest },
    'a proof too long': { ...grown, proof: [...grown.proof, start] },
    'no proof': { ...grown, proof: [] },
    'a proof in another order': { ...grown, proof: [...rest, start] },
    'a hash of 31 bytes': { ...grown, proof: [start.slice(2), ...rest] },
  }).map(([name, input]) => ({ name, input, gives: false })),
]
