import { corrupt } from './bits.ts'
import { blocksOf, type ZstdFrame } from './frame.ts'
import { type HuffmanTable, readHuffman, readSymbols } from './huffman.ts'

export interface Literals {
  bytes: Uint8Array
  /** The Huffman table that the next block may use again. */
  table: HuffmanTable | undefined
  /** Where the sequences section begins. */
  next: number
}

/**
 * Literals section of a block (RFC 8878, 3.1.1.3.1).
 * @param before Huffman table of an earlier block
 * @param most bytes a block may inflate to
 */
export function readLiterals(block: Uint8Array, before: HuffmanTable | undefined, most: number): Literals {
  const head = readHead(block)
  if (head.size > most) throw corrupt('more literals than a block may have')
  const stored = head.type === 'raw' ? head.size : head.type === 'repeat' ? 1 : head.stored
  const next = head.at + stored
  if (next > block.length) throw corrupt('ends inside the literals')
  const body = block.subarray(head.at, next)
  if (head.type === 'raw') return { bytes: body, table: before, next }
  if (head.type === 'repeat') return { bytes: new Uint8Array(head.size).fill(body[0] as number), table: before, next }
  const { table, next: streamsAt } = head.type === 'again' ? { table: before, next: 0 } : readHuffman(body)
  if (table === undefined) throw corrupt('a Huffman tree used again that was not there')
  const bytes = new Uint8Array(head.size)
  const streams = body.subarray(streamsAt)
  if (head.streams === 1) readSymbols(streams, table, bytes)
  else readFourStreams(streams, table, bytes)
  return { bytes, table, next }
}

/**
 * Reads the literals of all blocks and drops them. libzstd on 64 bits follows four streams without looking whether they
 * end where they must (RFC 8878, 4.2.2), so that it inflates frames that a decoder by the book refuses (found by
 * mutation); who inflates with it asks here, and a payload is the same everywhere, or nowhere. Throws `payload-malformed`.
 */
export function checkLiterals(data: Uint8Array, frame: ZstdFrame): void {
  let table: HuffmanTable | undefined
  for (const { type, bytes } of blocksOf(data, frame))
    if (type === 'compressed') table = readLiterals(bytes, table, frame.blockLimit).table
}

const types = ['raw', 'repeat', 'compressed', 'again'] as const

/** The head is a little-endian number: type, size format, and then one size, or two where the literals are compressed. */
function readHead(block: Uint8Array) {
  const first = block[0] ?? 0
  const type = types[first & 3] as (typeof types)[number]
  const format = (first >> 2) & 3
  if (type === 'raw' || type === 'repeat') {
    const at = format === 3 ? 3 : format === 1 ? 2 : 1
    return { type, at, size: bitsOf(block, at) >>> (at === 1 ? 3 : 4), stored: 0, streams: 1 }
  }
  const at = format < 2 ? 3 : format + 2
  const width = format < 2 ? 10 : format === 2 ? 14 : 18
  const bits = bitsOf(block, at)
  const size = Math.floor(bits / 16) % 2 ** width
  return { type, at, size, stored: Math.floor(bits / 2 ** (4 + width)), streams: format === 0 ? 1 : 4 }
}

function bitsOf(block: Uint8Array, bytes: number): number {
  if (bytes > block.length) throw corrupt('ends inside the head of the literals')
  let value = 0
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (block[i] as number)
  return value
}

/** Three lengths, then four streams that each make a quarter (3.1.1.3.1.6). */
function readFourStreams(streams: Uint8Array, table: HuffmanTable, out: Uint8Array): void {
  if (out.length < 6 || streams.length < 10) throw corrupt('too few literals for four streams')
  const quarter = (out.length + 3) >> 2
  let at = 6
  for (let i = 0; i < 4; i++) {
    const length = i < 3 ? (streams[i * 2] as number) + ((streams[i * 2 + 1] as number) << 8) : streams.length - at
    if (at + length > streams.length || quarter * i > out.length) throw corrupt('streams that do not fit')
    readSymbols(streams.subarray(at, at + length), table, out.subarray(quarter * i, quarter * (i + 1)))
    at += length
  }
}
