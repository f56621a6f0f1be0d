import { Refusal } from '../error.ts'

/** The one zstd frame (RFC 8878, 3.1.1) that a payload is. */
export interface ZstdFrame {
  /** Bytes it inflates to, as it says itself. */
  size: number
  /** Where its first block begins. */
  blocksAt: number
  /** No block inflates to more than this. */
  blockLimit: number
}

/** One block: `bytes` are stored as they are, one to be repeated `size` times, or compressed. */
export interface ZstdBlock {
  type: 'raw' | 'repeat' | 'compressed'
  bytes: Uint8Array
  size: number
}

const blockTypes = ['raw', 'repeat', 'compressed'] as const

/**
 * Reads the frame that `data` is and walks over its blocks. What comes from outside is exactly one frame that says its
 * size and needs no window beyond it (Single_Segment): no second frame, no skippable one, no dictionary, no checksum
 * (the bytes are hashed already), nothing left over, so that nothing rides along unseen and every decoder agrees.
 * @throws `payload-malformed`
 */
export function readZstdFrame(data: Uint8Array): ZstdFrame {
  const frame = readFrameHeader(data)
  let blocks = 0
  for (const { size } of blocksOf(data, frame)) {
    if (size > frame.blockLimit) throw malformed('a block is larger than its frame allows')
    if (++blocks > mostBlocks(frame)) throw malformed('of more blocks than its size needs')
  }
  return frame
}

/**
 * Each block costs the time of its tables, whatever it holds. libzstd splits 128 KiB into 196 blocks at most (the
 * constant is ZSTD_MAX_NB_BLOCK_SPLITS), so that nothing it makes comes near this.
 */
function mostBlocks({ size }: ZstdFrame): number {
  return 16 + Math.floor(size / 256)
}

function readFrameHeader(data: Uint8Array): ZstdFrame {
  if (numberAt(data, 0, 4) !== 0xfd2fb528) throw malformed('does not begin with one')
  const flags = numberAt(data, 4, 1)
  // Bits 7 and 6 tell how the size is written, bit 5 is Single_Segment; the others: unused, reserved, checksum, dictionary.
  if ((flags & 0b11_1111) !== 0b10_0000)
    throw malformed('asks for a window, a checksum, a dictionary or something unknown')
  const sizeBytes = 1 << (flags >> 6)
  const size = numberAt(data, 5, sizeBytes) + (sizeBytes === 2 ? 256 : 0)
  return { size, blocksAt: 5 + sizeBytes, blockLimit: Math.min(size, 128 * 1024) }
}

/** The blocks in their order; one by one, since millions of empty ones fit into a payload. */
export function* blocksOf(data: Uint8Array, { blocksAt }: ZstdFrame): Generator<ZstdBlock, void, undefined> {
  let at = blocksAt
  for (let last = false; !last; ) {
    const head = numberAt(data, at, 3)
    last = (head & 1) === 1
    const type = blockTypes[(head >> 1) & 3]
    const size = head >> 3
    if (type === undefined) throw malformed('a block is of no known kind')
    const end = at + 3 + (type === 'repeat' ? 1 : size)
    if (end > data.length) throw malformed('ends inside a block')
    yield { type, bytes: data.subarray(at + 3, end), size }
    at = end
  }
  if (at !== data.length) throw malformed(`${data.length - at} bytes are left over after the frame`)
}

/** A little-endian number of `bytes` bytes. */
function numberAt(data: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > data.length) throw malformed('ends inside the frame')
  let value = 0
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (data[at + i] as number)
  return value
}

function malformed(says: string): Refusal {
  return new Refusal('payload-malformed', `not one plain zstd frame: ${says}`)
}
