import { concat } from '@tidewaiter/protocol'

/** Parts of zstd frames (RFC 8878, 3.1.1), written by hand so that each can be wrong in one way. */

const magic = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)

/** A whole number, little-endian. */
function littleEndian(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256)
}

/** The lower six bits of a descriptor that asks for nothing but Single_Segment. */
export const singleSegment = 0b10_0000

/** How a size is written: the upper two bits of the descriptor, and the bytes that follow it. */
const sizeCodes = { 1: 0, 2: 1, 4: 2, 8: 3 } as const

/** Frame header of a single segment; `before` stands between the descriptor and the size. */
export function frameHeader(
  size: number,
  {
    sizeBytes = 4,
    flags = singleSegment,
    before = [],
  }: { sizeBytes?: 1 | 2 | 4 | 8; flags?: number; before?: number[] } = {},
): Uint8Array {
  const descriptor = (sizeCodes[sizeBytes] << 6) | flags
  const written = littleEndian(size - (sizeBytes === 2 ? 256 : 0), sizeBytes)
  return concat(magic, Uint8Array.of(descriptor, ...before), written)
}

const types = { raw: 0, repeat: 1, compressed: 2, reserved: 3 } as const

/** A block with its head: `size` is how many bytes follow, or how often the one that follows stands in the output. */
export function block(
  type: keyof typeof types,
  bytes: Uint8Array,
  { size = bytes.length, last = true }: { size?: number; last?: boolean } = {},
): Uint8Array {
  return concat(littleEndian((size << 3) | (types[type] << 1) | (last ? 1 : 0), 3), bytes)
}

const blockBytes = 128 * 1024

/** A frame of stored blocks: what every zstd decoder reads and no compressor has to make. */
export function storedFrame(raw: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let at = 0; at === 0 || at < raw.length; at += blockBytes)
    blocks.push(block('raw', raw.subarray(at, at + blockBytes), { last: at + blockBytes >= raw.length }))
  return concat(frameHeader(raw.length), ...blocks)
}
