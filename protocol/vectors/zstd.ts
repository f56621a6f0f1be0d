import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type Code, checkLiterals, concat, readZstdFrame, toBase64, toUtf8 } from '@tidewaiter/protocol'
import type { Case } from './case.ts'
import type { ZstdInput } from './read.ts'
import { block, frameHeader, singleSegment, storedFrame } from './zstd-frames.ts'

interface Frame {
  frame: Uint8Array
  size: number
}

/** Text with some letters far more often than others, so that its literals are compressed in four streams. */
const text = toUtf8(
  Array.from(
    { length: 400 },
    (_, i) => `${((i * 7919) % 65536).toString(16)} ${((i * i * 31) % 9973).toString(36)};`,
  ).join(''),
)
const short = toUtf8('a payload')

function compressed(raw: Uint8Array, params: Record<number, number> = {}): Frame {
  const single = { [constants.ZSTD_c_windowLog]: 23 }
  return { frame: zstdCompressSync(raw, { params: { ...single, ...params } }), size: raw.length }
}

function empties(count: number): Uint8Array[] {
  return Array.from({ length: count }, () => block('raw', new Uint8Array(0), { last: false }))
}

const inOrder: Record<string, Frame> = {
  'nothing: one empty block': { frame: storedFrame(new Uint8Array(0)), size: 0 },
  'a stored block, its size in one byte': {
    frame: concat(frameHeader(short.length, { sizeBytes: 1 }), block('raw', short)),
    size: short.length,
  },
  'a repeated block, the size in two bytes': {
    frame: concat(frameHeader(300, { sizeBytes: 2 }), block('repeat', Uint8Array.of(0x61), { size: 300 })),
    size: 300,
  },
  'the size in eight bytes, and blocks of no bytes': {
    frame: concat(
      frameHeader(short.length, { sizeBytes: 8 }),
      block('raw', new Uint8Array(0), { last: false }),
      block('repeat', Uint8Array.of(0), { size: 0, last: false }),
      block('raw', short),
    ),
    size: short.length,
  },
  'as many blocks as nine bytes may have': {
    frame: concat(frameHeader(short.length), ...empties(15), block('raw', short)),
    size: short.length,
  },
  ...Object.fromEntries(
    [-7, 1, 3, 9, 19].map((level) => [
      `compressed, level ${level}`,
      compressed(text, { [constants.ZSTD_c_compressionLevel]: level }),
    ]),
  ),
}

/** What is wrong with a frame whatever it holds; `raw` is what a frame that is in order would give. */
export function brokenFrames(raw: Uint8Array): (Frame & { name: string; refused: Code })[] {
  const { length: size } = raw
  const good = storedFrame(raw)
  const stored = block('raw', raw)
  const skippable = concat(Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0), toUtf8('xyz'))
  const broken: Record<string, Uint8Array> = {
    'no frame at all': new Uint8Array(0),
    'another format': concat(Uint8Array.of(0x1f, 0x8b), good.subarray(2)),
    'ends inside the header': good.slice(0, 7),
    'ends inside the head of a block': good.slice(0, 11),
    'ends inside a block': good.slice(0, -1),
    'ends without a last block': concat(frameHeader(size), block('raw', raw, { last: false })),
    'a byte behind the frame': concat(good, Uint8Array.of(0)),
    'a second frame': concat(good, storedFrame(new Uint8Array(0))),
    'a skippable frame before it': concat(skippable, good),
    'a skippable frame behind it': concat(good, skippable),
    'a checksum': compressed(raw, { [constants.ZSTD_c_checksumFlag]: 1 }).frame,
    'a dictionary': concat(frameHeader(size, { flags: singleSegment | 1, before: [7] }), stored),
    'the unused bit': concat(frameHeader(size, { flags: singleSegment | 0b1_0000 }), stored),
    'the reserved bit': concat(frameHeader(size, { flags: singleSegment | 0b1000 }), stored),
    'a window instead of a single segment': concat(frameHeader(size, { flags: 0, before: [0x58] }), stored),
    'a window and no size': concat(good.subarray(0, 4), Uint8Array.of(0, 0x58), stored),
    'a block of the reserved kind': concat(frameHeader(size), block('reserved', raw)),
    'a block over 128 KiB': concat(frameHeader(200_000), block('repeat', Uint8Array.of(0), { size: 200_000 })),
    'a block larger than the frame': concat(frameHeader(size), block('repeat', Uint8Array.of(0), { size: size + 1 })),
    'blocks that give more than the frame says': concat(frameHeader(size), block('raw', raw, { last: false }), stored),
    'blocks that give less than the frame says': concat(frameHeader(size), block('raw', raw.subarray(1))),
    'a block more than its size allows': concat(frameHeader(size), ...empties(16 + (size >> 8)), stored),
    'a size below the one announced': storedFrame(raw.subarray(1)),
    'a compressed block that is none': concat(frameHeader(size), block('compressed', raw.subarray(0, 40))),
    'a compressed block of no bytes': concat(frameHeader(size), block('compressed', new Uint8Array(0))),
  }
  const large = { 'a block over 128 KiB': 200_000 } as Record<string, number>
  return [
    ...Object.entries(broken).map(([name, frame]) => ({
      name,
      frame,
      size: large[name] ?? size,
      refused: 'payload-malformed' as const,
    })),
    { name: 'a size above the one announced', frame: good, size: size - 1, refused: 'inflate-too-large' },
    {
      name: 'a size of more bytes than there are numbers for',
      frame: concat(frameHeader(0, { sizeBytes: 8 }).subarray(0, 5), new Uint8Array(8).fill(0xff), stored),
      size,
      refused: 'inflate-too-large',
    },
    { name: 'a Huffman stream that does not end where it must', ...openEnded(), refused: 'payload-malformed' },
  ]
}

/** A frame that libzstd inflates to as many bytes as it says, though one of its streams has bits left over. */
function openEnded(): Frame {
  const { frame, size } = compressed(text, { [constants.ZSTD_c_compressionLevel]: 1 })
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const other = Uint8Array.from(frame)
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit % 8))
    if (inflatesTo(other) === size && !hasLiterals(other)) return { frame: other, size }
  }
  throw new Error('no such frame was found')
}

function inflatesTo(frame: Uint8Array): number | undefined {
  try {
    return readZstdFrame(frame).size === text.length ? zstdDecompressSync(frame).length : undefined
  } catch {
    return undefined
  }
}

function hasLiterals(frame: Uint8Array): boolean {
  try {
    checkLiterals(frame, readZstdFrame(frame))
    return true
  } catch {
    return false
  }
}

export const zstd: Case<ZstdInput>[] = [
  ...Object.entries(inOrder).map(([name, { frame, size }]) => ({ name, input: { frame: toBase64(frame), size } })),
  ...brokenFrames(text).map(({ name, frame, size, refused }) => ({
    name,
    input: { frame: toBase64(frame), size },
    refused,
  })),
]
