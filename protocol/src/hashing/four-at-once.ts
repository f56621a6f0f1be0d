import { equal } from '../bytes.ts'
import type { Hashing, RecordsOfChunk, RecordsOfPayload } from './hashing.ts'
import { freeAt, mostBlocks, prepareMemory, slack, type TreeModule, treeModule } from './tree-module.ts'

/** Memory of WebAssembly comes in pages of this size. */
const pageBytes = 65_536

/**
 * Hashing on vectors, four messages of the same number of blocks at once. Undefined where WebAssembly with vectors is
 * not to be had, or does not give what `oneByOne` gives.
 */
export function hashingFourAtOnce(oneByOne: Hashing): Hashing | undefined {
  const machine = newMachine()
  if (machine === undefined) return undefined
  const hashing = hashingOn(machine, oneByOne)
  return isRight(hashing, oneByOne) ? hashing : undefined
}

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** As far as it is used: Node and browsers both have it, but the language library does not declare it. */
declare const WebAssembly: {
  Memory: new (pages: { initial: number }) => Memory
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object, imports: { m: { m: Memory } }) => { exports: object }
}

interface Machine {
  memory: Memory
  module: TreeModule
}

function newMachine(): Machine | undefined {
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(freeAt / pageBytes) })
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(treeModule()), { m: { m: memory } })
    prepareMemory(new Uint8Array(memory.buffer))
    return { memory, module: exports as TreeModule }
  } catch {
    // Switched off, forbidden by the page's policy, or without vectors.
    return undefined
  }
}

function hashingOn({ memory, module }: Machine, oneByOne: Hashing): Hashing {
  const room = (bytes: number) => {
    const missing = Math.ceil((freeAt + bytes + slack - memory.buffer.byteLength) / pageBytes)
    if (missing > 0) memory.grow(missing)
    return new Uint8Array(memory.buffer)
  }
  return {
    leaves(records) {
      const { count, salts, bytes, chunks } = records
      const place = placesOf(records)
      const all = room(place.end - freeAt)
      all.set(salts, place.salts)
      all.set(bytes, place.bytes)
      const alone: { index: number; leaf: Uint8Array }[] = []
      for (const chunk of chunks) {
        const { headHash, first, starts, ends, positions } = chunk
        const at = { ...place, ends: place.starts + 4 * starts.length, positions: place.starts + 8 * starts.length }
        all.set(headHash, at.headHash)
        all.set(bytesOf(starts), at.starts)
        all.set(bytesOf(ends), at.ends)
        all.set(bytesOf(positions), at.positions)
        const [chunkSalts, out] = [at.salts + 16 * first, freeAt + 32 * first]
        for (let i = 0; i < starts.length; i++) {
          i = module.leaves(at.headHash, at.starts, at.ends, at.positions, chunkSalts, at.bytes, out, i, starts.length)
          if (i < starts.length) alone.push({ index: first + i, leaf: oneByOne.leaves(only(records, chunk, i)) })
        }
      }
      for (let blocks = 1; blocks <= mostBlocks; blocks++) module.flush(blocks)
      for (const { index, leaf } of alone) all.set(leaf, freeAt + 32 * index)
      return all.slice(freeAt, freeAt + 32 * count)
    },
    parents(level, out) {
      const pairs = Math.floor(level.length / 64)
      // Four pairs at once: up to three more, of whatever stands behind the level.
      const all = room(level.length + 3 * 64)
      all.set(level, freeAt)
      module.parents(freeAt, pairs)
      out.set(all.subarray(freeAt, freeAt + 32 * pairs))
    },
  }
}

/** Where things lie: leaves, salts, the payload, and of one chunk after the other what says where its records are. */
function placesOf({ count, bytes, chunks }: RecordsOfPayload) {
  const salts = freeAt + 32 * count
  const payload = salts + 16 * count
  const headHash = payload + bytes.length
  const starts = headHash + 32
  const most = chunks.reduce((most, chunk) => Math.max(most, chunk.starts.length), 0)
  return { salts, bytes: payload, headHash, starts, end: starts + 16 * most }
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** One record of a payload as all that there is. */
function only({ bytes, salts }: RecordsOfPayload, chunk: RecordsOfChunk, i: number): RecordsOfPayload {
  const { headHash, first } = chunk
  const [starts, ends] = [chunk.starts.subarray(i, i + 1), chunk.ends.subarray(i, i + 1)]
  const positions = chunk.positions.subarray(i, i + 1)
  const salt = salts.subarray(16 * (first + i), 16 * (first + i + 1))
  return { count: 1, salts: salt, bytes, chunks: [{ headHash, first: 0, starts, ends, positions }] }
}

/** Tried before it is relied on: records of every number of blocks and longer, in two chunks, and their tree. */
function isRight(hashing: Hashing, oneByOne: Hashing): boolean {
  const perChunk = 40
  const starts = Uint32Array.from({ length: perChunk }, (_, i) => 3 * i)
  const chunks = [0, perChunk].map((first) => ({
    headHash: Uint8Array.from({ length: 32 }, (_, k) => first + k),
    first,
    starts,
    ends: starts.map((start, i) => start + 15 * i),
    positions: Float64Array.from(starts, (start) => first * 2 ** 40 + start * 2 ** 8),
  }))
  const bytes = Uint8Array.from({ length: 3 * perChunk + 15 * perChunk }, (_, k) => 7 * k)
  const salts = Uint8Array.from({ length: 16 * 2 * perChunk }, (_, k) => 11 * k)
  const records = { count: 2 * perChunk, salts, bytes, chunks }
  const [ours, theirs] = [hashing.leaves(records), oneByOne.leaves(records)]
  const [above, theirsAbove] = [ours.slice(0, 32 * perChunk), ours.slice(0, 32 * perChunk)]
  hashing.parents(ours, above)
  oneByOne.parents(ours, theirsAbove)
  return equal(ours, theirs) && equal(above, theirsAbove)
}
