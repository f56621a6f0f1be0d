import { Code, moduleOf, type Routine } from './code.ts'
import { sha256Routine } from './sha256-routine.ts'

/** Blocks of the longest message that is hashed beside three others; a longer one is hashed faster alone. */
export const mostBlocks = 8
const blockBytes = 64
/** Before the record in the message of a leaf: 0x00, its salt, the hash of its chunk head and its position. */
const before = { salt: 1, headHash: 17, position: 49, record: 57 }
/** Of the padding of SHA-256: the bit behind the message, and its length. */
const leastPadding = 9

/** A slot holds one message; vectors are written into it beyond the message's end. */
const slotBytes = mostBlocks * blockBytes + 96
/** A bucket is for messages of one number of blocks: how many of its four slots are filled, and where their hashes go. */
const bucketBytes = 32
const bucketOutAt = 16
/** Bytes of a parent's message: 0x01, left, right. Its padding never changes. */
const pair = { bytes: 1 + 2 * 32, blocks: 2, slotBytes: 128 }

/** Where things lie in the module's memory. What is hashed lies from `free` on. */
const at = (() => {
  const hashes = 0
  const buckets = hashes + 4 * 32
  const pairs = buckets + (mostBlocks + 1) * bucketBytes
  const slots = pairs + 4 * pair.slotBytes
  return { hashes, buckets, pairs, slots, free: slots + (mostBlocks + 1) * 4 * slotBytes }
})()
/** From here on memory is for what is hashed. */
export const freeAt = Math.ceil(at.free / 64) * 64
/** Vectors are read beyond the end of what is hashed. */
export const slack = 64

/** Exports of the module. Places and lengths in bytes of its memory. */
export interface TreeModule {
  /** Leaves of records `from` to `count` of a chunk, as far as the first that is too long; the number reached. */
  leaves(
    headHash: number,
    starts: number,
    ends: number,
    positions: number,
    salts: number,
    bytes: number,
    out: number,
    from: number,
    count: number,
  ): number
  /** Hashes what waits in the bucket of so many blocks. */
  flush(blocks: number): void
  /** Parents of so many pairs of hashes, over these. */
  parents(level: number, pairs: number): void
}

/** Hashes of a tree (evidence.md 3), four messages at once. */
export function treeModule(): Uint8Array<ArrayBuffer> {
  return moduleOf([sha256Routine(), flush(), leaves(), parents()])
}
const callee = { hash: 0, flush: 1 }

/** What the module expects in its memory before it is called. */
export function prepareMemory(bytes: Uint8Array): void {
  const bits = pair.bytes * 8
  for (let i = 0; i < 4; i++) {
    const slot = at.pairs + i * pair.slotBytes
    bytes[slot] = 1
    bytes[slot + pair.bytes] = 0x80
    bytes[slot + pair.slotBytes - 2] = bits >>> 8
    bytes[slot + pair.slotBytes - 1] = bits & 0xff
  }
}

function flush(): Routine {
  const [blocks, bucket, i, filled] = [0, 1, 2, 3]
  const code = new Code()
  bucketOf(code, blocks).tee(bucket).load().set(filled)
  for (let slot = 0; slot < 4; slot++) slotOf(code.get(blocks).compute('multiply', 4).compute('add', slot))
  code.get(blocks).number(at.hashes).call(callee.hash)
  code.within('block', () =>
    code.within('loop', () => {
      code.get(i, filled).compute('isAtLeast').branchIf(1)
      for (const half of [0, 16]) {
        code.get(bucket, i).compute('multiply', 4).compute('add').load(bucketOutAt)
        code
          .get(i)
          .compute('multiply', 32)
          .loadVector(at.hashes + half)
          .storeVector(half)
      }
      code.get(i).compute('add', 1).set(i).branch(0)
    }),
  )
  code.get(bucket).number(0).store()
  return { name: 'flush', parameters: 1, givesNumber: false, locals: { count: 3, type: 'number' }, body: code.end() }
}

function leaves(): Routine {
  const [headHash, starts, ends, positions, salts, bytes, out, i, count] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
  const [length, blocks, bucket, filled, slot, from, to, end] = [9, 10, 11, 12, 13, 14, 15, 16]
  const code = new Code()
  const item = (list: number, size: number) => code.get(list, i).compute('multiply', size).compute('add')
  code.within('block', () =>
    code.within('loop', () => {
      code.get(i, count).compute('isAtLeast').branchIf(1)
      item(starts, 4).load().set(from)
      item(ends, 4).load().get(from).compute('subtract').tee(length)
      code.compute('add', before.record + leastPadding + blockBytes - 1).compute('shiftRight', 6)
      code.tee(blocks).compute('isAbove', mostBlocks).branchIf(1)
      bucketOf(code, blocks).tee(bucket).load().tee(filled).compute('equal', 4)
      code.within('if', () => code.get(blocks).call(callee.flush).number(0).set(filled))
      code.get(filled).compute('multiply', 4).get(bucket).compute('add')
      item(out, 32).store(bucketOutAt)
      code.get(bucket, filled).compute('add', 1).store()
      slotOf(code.get(blocks).compute('multiply', 4).get(filled).compute('add')).set(slot)
      code.get(slot)
      item(salts, 16).loadVector().storeVector(before.salt)
      for (const half of [0, 16])
        code
          .get(slot, headHash)
          .loadVector(half)
          .storeVector(before.headHash + half)
      code.get(slot)
      item(positions, 8).loadFloat().compute('truncate').vector('splatLong')
      // Its lowest byte last; what is written behind it gives way to the record.
      code.constant(0).vector('shuffle', 7, 6, 5, 4, 3, 2, 1, 0, ...Array<number>(8).fill(16))
      code.storeVector(before.position)
      code.get(bytes, from).compute('add').set(from)
      code.get(slot).compute('add', before.record).tee(to)
      code.get(length).compute('add').set(end)
      copy(code, { from, to, end })
      pad(code, { slot, end, blocks })
      code.get(i).compute('add', 1).set(i).branch(0)
    }),
  )
  code.get(i)
  return { name: 'leaves', parameters: 9, givesNumber: true, locals: { count: 8, type: 'number' }, body: code.end() }
}

/** The bucket of the number of blocks in a local. */
function bucketOf(code: Code, blocks: number): Code {
  return code.get(blocks).compute('multiply', bucketBytes).compute('add', at.buckets)
}

/** From the number of a slot on the stack to its place. */
function slotOf(code: Code): Code {
  return code.compute('multiply', slotBytes).compute('add', at.slots)
}

/** In vectors, so that up to 15 bytes more are copied. Moves both on. */
function copy(code: Code, { from, to, end }: { from: number; to: number; end: number }): void {
  code.within('block', () =>
    code.within('loop', () => {
      code.get(to, end).compute('isAtLeast').branchIf(1)
      code.get(to, from).loadVector().storeVector()
      for (const local of [to, from]) code.get(local).compute('add', 16).set(local)
      code.branch(0)
    }),
  )
}

/** FIPS 180-4, 5.1.1: one bit, zeros, and in the last two bytes the length in bits. */
function pad(code: Code, { slot, end, blocks }: { slot: number; end: number; blocks: number }): void {
  for (let k = 0; k < blockBytes + 16; k += 16) code.get(end).constant(0).storeVector(k)
  code.get(end).number(0x80).storeByte()
  const bits = () => code.get(end, slot).compute('subtract').compute('multiply', 8)
  for (const byte of [0, 1]) {
    code.get(slot, blocks).compute('multiply', blockBytes).compute('add').compute('subtract', 2)
    bits()
      .compute('shiftRight', 8 - 8 * byte)
      .storeByte(byte)
  }
}

function parents(): Routine {
  const [level, pairs, from, to, end] = [0, 1, 2, 3, 4]
  const code = new Code()
  code.get(level).tee(from).tee(to)
  code.get(pairs).compute('multiply', 64).compute('add').set(end)
  code.within('block', () =>
    code.within('loop', () => {
      code.get(from, end).compute('isAtLeast').branchIf(1)
      for (let k = 0; k < 4 * 64; k += 16) {
        const slot = at.pairs + (k >> 6) * pair.slotBytes
        code
          .number(slot)
          .get(from)
          .loadVector(k)
          .storeVector(1 + (k % 64))
      }
      for (let slot = 0; slot < 4; slot++) code.number(at.pairs + slot * pair.slotBytes)
      // Four parents are never over what was not read yet.
      code.number(pair.blocks).get(to).call(callee.hash)
      code.get(from).compute('add', 256).set(from)
      code.get(to).compute('add', 128).set(to)
      code.branch(0)
    }),
  )
  return { name: 'parents', parameters: 2, givesNumber: false, locals: { count: 3, type: 'number' }, body: code.end() }
}
