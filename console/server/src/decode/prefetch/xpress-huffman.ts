import { Damaged } from '../damaged.ts'

/** A block of output has a table of its own; it holds 64 KiB, the last one less. */
const blockBytes = 65_536
const tableBytes = 256
const symbols = 512
const longestCode = 15
/** Symbols from here on copy what came before. */
const firstMatch = 256
const leastMatch = 3

/**
 * Inflates LZ77 with Huffman codes ([MS-XCA] 2.2, "LZ77+Huffman Decompression Algorithm"). Takes at most the time that
 * the output takes. Throws `Damaged` (`compression-damaged`).
 * @param size bytes of the output, which the caller bounds
 */
export function inflateXpressHuffman(input: Uint8Array, size: number): Uint8Array {
  const output = new Uint8Array(size)
  let from = 0
  for (let to = 0; to < size; ) {
    const table = tableOf(input, from)
    const end = Math.min(to + blockBytes, size)
    const reached = inflateBlock(input, from + tableBytes, { output, table, to, end })
    from = reached.from
    to = reached.to
  }
  return output
}

/** For each 15 bits to come: the symbol they begin with, and the length of its code in the lowest four bits. */
function tableOf(input: Uint8Array, from: number): Uint16Array {
  if (from + tableBytes > input.length) throw damaged('A table of codes is not whole.')
  const table = new Uint16Array(1 << longestCode)
  let at = 0
  for (let length = 1; length <= longestCode; length++) {
    const places = 1 << (longestCode - length)
    for (let symbol = 0; symbol < symbols; symbol++) {
      if (lengthOf(input, from, symbol) !== length) continue
      if (at + places > table.length) throw damaged('A table has more codes than there can be.')
      table.fill((symbol << 4) | length, at, at + places)
      at += places
    }
  }
  if (at !== table.length) throw damaged('A table has fewer codes than there must be.')
  return table
}

/** Two lengths in a byte, the lower four bits first. */
function lengthOf(input: Uint8Array, from: number, symbol: number): number {
  const both = input[from + (symbol >> 1)] ?? 0
  return (symbol & 1) === 0 ? both & 15 : both >> 4
}

interface Block {
  output: Uint8Array
  table: Uint16Array
  to: number
  end: number
}

function inflateBlock(input: Uint8Array, start: number, { output, table, to, end }: Block) {
  const bits = newBits(input, start)
  while (to < end) {
    const found = table[bits.peek(longestCode)] ?? 0
    const symbol = found >> 4
    bits.skip(found & 15)
    if (symbol < firstMatch) {
      output[to++] = symbol
      continue
    }
    const { length, distance } = takeMatch(bits, symbol - firstMatch)
    if (distance > to || to + length > output.length) throw damaged('A copy reaches beyond the output.')
    for (const last = to + length; to < last; to++) output[to] = output[to - distance] ?? 0
  }
  return { from: bits.from(), to }
}

type Bits = ReturnType<typeof newBits>

/** Lowest four bits: the length, 15 for one that stands in bytes of its own; above them: the bits of the distance. */
function takeMatch(bits: Bits, match: number): { length: number; distance: number } {
  let length = match & 15
  if (length === 15) length = takeLength(bits)
  const distanceBits = match >> 4
  const distance = (1 << distanceBits) + bits.peek(distanceBits)
  bits.skip(distanceBits)
  return { length: length + leastMatch, distance }
}

function takeLength(bits: Bits): number {
  const byte = bits.takeByte()
  if (byte < 255) return byte + 15
  const word = bits.takeByte() | (bits.takeByte() << 8)
  const length = word === 0 ? (bits.takeByte() | (bits.takeByte() << 8)) + bits.takeByte() * 65_536 : word
  // The fourth byte of a long length: no output that is taken here is that long.
  if (word === 0 && bits.takeByte() !== 0) throw damaged('A copy is longer than the output.')
  if (length < 15) throw damaged('A length is written longer than it is.')
  return length
}

/** Bits from words of 16, the highest first; bytes between them are taken where the last word that was read ends. */
function newBits(input: Uint8Array, start: number) {
  let at = start
  let held = (takeWord() << 16) | takeWord()
  let extra = 16

  /** Beyond the input are zeros: the last word of a stream may stand before its end. Farther there is nothing. */
  function takeWord(): number {
    if (at > input.length + 4) throw damaged('The compressed bytes end too early.')
    at += 2
    return (input[at - 2] ?? 0) | ((input[at - 1] ?? 0) << 8)
  }

  return {
    peek: (count: number) => (count === 0 ? 0 : held >>> (32 - count)),
    skip(count: number): void {
      held <<= count
      extra -= count
      if (extra >= 0) return
      held |= takeWord() << -extra
      extra += 16
    },
    takeByte(): number {
      if (at >= input.length) throw damaged('The compressed bytes end too early.')
      return input[at++] ?? 0
    },
    from: () => at,
  }
}

function damaged(says: string): Damaged {
  return new Damaged('compression-damaged', says)
}
