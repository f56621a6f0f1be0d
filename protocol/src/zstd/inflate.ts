import { corrupt } from './bits.ts'
import { blocksOf, type ZstdFrame } from './frame.ts'
import type { HuffmanTable } from './huffman.ts'
import { readLiterals } from './literals.ts'
import { eachSequence, readSequences, type Sequences, type SequenceTables } from './sequences.ts'

/**
 * Inflates a frame that `readZstdFrame` has taken (RFC 8878). It asks for as much memory as the frame says, works no
 * longer than that many bytes take, and throws `payload-malformed` on whatever does not fit. Written because the
 * decoder at hand, fzstd 0.1.1, does none of that: 21 bytes keep it busy for minutes and come out as an array of zeros
 * (measured).
 */
export function inflateZstd(data: Uint8Array, frame: ZstdFrame): Uint8Array {
  const made: Made = { out: new Uint8Array(frame.size), at: 0, recent: [1, 4, 8] }
  for (const { type, bytes, size } of blocksOf(data, frame)) {
    if (type === 'compressed') inflateBlock(bytes, frame, made)
    else if (made.at + size > frame.size) throw corrupt('more than the frame says')
    else if (type === 'raw') made.out.set(bytes, made.at)
    else made.out.fill(bytes[0] as number, made.at, made.at + size)
    if (type !== 'compressed') made.at += size
  }
  if (made.at !== frame.size) throw corrupt('less than the frame says')
  return made.out
}

/** What was made so far, and what a block leaves to the next. */
interface Made {
  out: Uint8Array
  at: number
  recent: [number, number, number]
  huffman?: HuffmanTable | undefined
  tables?: SequenceTables
}

function inflateBlock(block: Uint8Array, { blockLimit }: ZstdFrame, made: Made): void {
  const literals = readLiterals(block, made.huffman, blockLimit)
  made.huffman = literals.table
  const sequences = readSequences(block.subarray(literals.next), made.tables)
  const most = Math.min(made.at + blockLimit, made.out.length)
  const used = sequences === undefined ? 0 : copySequences(sequences, made, { literals: literals.bytes, most })
  const rest = literals.bytes.subarray(used)
  if (made.at + rest.length > most) throw corrupt('more than a block or the frame may have')
  made.out.set(rest, made.at)
  made.at += rest.length
}

/** Returns how many of the literals the sequences took. */
function copySequences(
  sequences: Sequences,
  made: Made,
  { literals, most }: { literals: Uint8Array; most: number },
): number {
  const { out } = made
  made.tables = sequences.tables
  let used = 0
  eachSequence(sequences, made.recent, ({ literals: own, offset, match }) => {
    const from = made.at + own
    if (used + own > literals.length) throw corrupt('more literals than there are')
    if (from + match > most) throw corrupt('more than a block or the frame may have')
    if (offset < 1 || offset > from) throw corrupt('an offset beyond the beginning')
    for (let i = made.at; i < from; i++) out[i] = literals[used++] as number
    for (let i = from; i < from + match; i++) out[i] = out[i - offset] as number
    made.at = from + match
  })
  return used
}
