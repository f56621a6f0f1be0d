import { BackwardBits, corrupt } from './bits.ts'
import { type Kind, literalLengths, matchLengths, offsets } from './codes.ts'
import { type FseTable, readTable, repeatTable } from './fse.ts'

/** The tables of a block that has sequences; the next block may use them again. */
export interface SequenceTables {
  literals: FseTable
  offsets: FseTable
  matches: FseTable
}

export interface Sequences {
  count: number
  tables: SequenceTables
  stream: Uint8Array
}

/** Reads the head of a sequences section (RFC 8878, 3.1.1.3.2.1). Undefined where the block has none. */
export function readSequences(bytes: Uint8Array, before: SequenceTables | undefined): Sequences | undefined {
  const { count, next } = readCount(bytes)
  if (count === 0) {
    if (next !== bytes.length) throw corrupt('bytes left over after the literals')
    return undefined
  }
  const modes = bytes[next]
  if (modes === undefined || (modes & 3) !== 0) throw corrupt('sequences of no known mode')
  let rest = bytes.subarray(next + 1)
  const table = (kind: Kind, shift: number, last: FseTable | undefined) => {
    const read = readMode((modes >> shift) & 3, kind, last, rest)
    rest = rest.subarray(read.next)
    return read.table
  }
  const tables = {
    literals: table(literalLengths, 6, before?.literals),
    offsets: table(offsets, 4, before?.offsets),
    matches: table(matchLengths, 2, before?.matches),
  }
  return { count, tables, stream: rest }
}

function readCount(bytes: Uint8Array): { count: number; next: number } {
  const [first, second = 0, third = 0] = bytes
  const next = first === undefined || first < 128 ? 1 : first < 255 ? 2 : 3
  if (first === undefined || next > bytes.length) throw corrupt('ends before the sequences')
  if (next === 1) return { count: first, next }
  return { count: next === 2 ? ((first - 128) << 8) + second : second + (third << 8) + 0x7f00, next }
}

function readMode(mode: number, kind: Kind, last: FseTable | undefined, bytes: Uint8Array) {
  if (mode === 0) return { table: kind.predefined, next: 0 }
  if (mode === 2) return readTable(bytes, kind.most)
  if (mode === 3) {
    if (last === undefined) throw corrupt('a table repeated that was not there')
    return { table: last, next: 0 }
  }
  const [symbol] = bytes
  if (symbol === undefined || symbol > kind.most.symbol) throw corrupt('a code that does not exist')
  return { table: repeatTable(symbol), next: 1 }
}

/** What a sequence copies: literals, then what stood `offset` bytes before. */
export interface Sequence {
  literals: number
  offset: number
  match: number
}

/** Calls `take` for each sequence, in the one object that is used for all (3.1.1.3.2.1.2). `recent` goes on from block to block. */
export function eachSequence(
  { count, tables, stream }: Sequences,
  recent: [number, number, number],
  take: (sequence: Sequence) => void,
): void {
  const bits = new BackwardBits(stream)
  const states = {
    literals: bits.read(tables.literals.log),
    offsets: bits.read(tables.offsets.log),
    matches: bits.read(tables.matches.log),
  }
  const sequence: Sequence = { literals: 0, offset: 0, match: 0 }
  for (let i = 0; i < count; i++) {
    const code = tables.offsets.symbols[states.offsets] as number
    // No payload has 2^24 bytes: an offset of more bits reaches beyond all that was made.
    if (code > 24) throw corrupt('an offset beyond the beginning')
    const written = readValue(offsets, code, bits)
    sequence.match = readValue(matchLengths, tables.matches.symbols[states.matches] as number, bits)
    sequence.literals = readValue(literalLengths, tables.literals.symbols[states.literals] as number, bits)
    sequence.offset = offsetOf(written, sequence.literals, recent)
    if (i + 1 < count) {
      states.literals = nextState(tables.literals, states.literals, bits)
      states.matches = nextState(tables.matches, states.matches, bits)
      states.offsets = nextState(tables.offsets, states.offsets, bits)
    }
    if (bits.left < 0) break
    take(sequence)
  }
  if (bits.left !== 0) throw corrupt('sequences that do not end with their stream')
}

function readValue(kind: Kind, code: number, bits: BackwardBits): number {
  return (kind.from[code] as number) + bits.read(kind.bits[code] as number)
}

function nextState(table: FseTable, state: number, bits: BackwardBits): number {
  return (table.base[state] as number) + bits.read(table.bits[state] as number)
}

/** Values 1 to 3 stand for an offset used lately; after no literals they mean the next older one (3.1.1.5). */
function offsetOf(written: number, literals: number, recent: [number, number, number]): number {
  if (written > 3) {
    recent[2] = recent[1]
    recent[1] = recent[0]
    recent[0] = written - 3
    return recent[0]
  }
  const place = written - (literals > 0 ? 1 : 0)
  const offset = place === 3 ? recent[0] - 1 : (recent[place] as number)
  if (place > 1) recent[2] = recent[1]
  if (place > 0) recent[1] = recent[0]
  recent[0] = offset
  return offset
}
