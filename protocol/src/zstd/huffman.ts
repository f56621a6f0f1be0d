import { BackwardBits, corrupt } from './bits.ts'
import { type FseTable, readTable } from './fse.ts'

/** A decoding table of Huffman codes: `log` bits looked at give a symbol and how many of them it took. */
export interface HuffmanTable {
  log: number
  symbols: Uint8Array
  bits: Uint8Array
}

/** RFC 8878, 4.2.1 allows codes of 11 bits; libzstd reads 12, and what one of the two accepts the other must too. */
const mostBits = 12

/** Reads the description of a Huffman tree (RFC 8878, 4.2.1). `next` is where what follows it begins. */
export function readHuffman(bytes: Uint8Array): { table: HuffmanTable; next: number } {
  const head = bytes[0]
  if (head === undefined) throw corrupt('ends before a Huffman tree')
  const next = 1 + (head < 128 ? head : (head - 126) >> 1)
  if (next > bytes.length) throw corrupt('ends inside a Huffman tree')
  const described = bytes.subarray(1, next)
  return { table: buildHuffman(head < 128 ? readWeights(described) : halfBytes(described, head - 127)), next }
}

function halfBytes(bytes: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, i) => ((bytes[i >> 1] as number) >> (i % 2 === 0 ? 4 : 0)) & 15)
}

/** Weights written by two states of one table that take turns (RFC 8878, 4.2.1.2). */
function readWeights(bytes: Uint8Array): number[] {
  const { table, next } = readTable(bytes, { log: 6, symbol: 255 })
  const bits = new BackwardBits(bytes.subarray(next))
  const weights: number[] = []
  let [state, other] = [bits.read(table.log), bits.read(table.log)]
  if (bits.left < 0) throw corrupt('ends inside the weights')
  for (;;) {
    weights.push(table.symbols[state] as number)
    if (weights.length > 254) throw corrupt('more weights than symbols')
    const after = nextState(table, state, bits)
    state = other
    other = after
    if (bits.left >= 0) continue
    weights.push(table.symbols[state] as number)
    return weights
  }
}

function nextState(table: FseTable, state: number, bits: BackwardBits): number {
  return (table.base[state] as number) + bits.read(table.bits[state] as number)
}

/** The last weight is not written: it is what makes the sum a power of two (RFC 8878, 4.2.1.1). */
function buildHuffman(written: readonly number[]): HuffmanTable {
  if (written.some((weight) => weight > mostBits)) throw corrupt('a Huffman code that is too long')
  const sum = written.reduce((total, weight) => total + ((1 << weight) >> 1), 0)
  const log = 32 - Math.clz32(sum)
  const rest = (1 << log) - sum
  const last = 32 - Math.clz32(rest)
  if (sum === 0 || log > mostBits || rest !== 1 << (last - 1)) throw corrupt('a Huffman tree that does not close')
  const weights = [...written, last]
  if (weights.filter((weight) => weight === 1).length < 2) throw corrupt('a Huffman tree without its deepest pair')
  return layOut(weights, log)
}

/** Codes stand in the order of their weight, then of their symbol; each fills 2^(weight - 1) places. */
function layOut(weights: readonly number[], log: number): HuffmanTable {
  const symbols = new Uint8Array(1 << log)
  const bits = new Uint8Array(1 << log)
  let at = 0
  for (let weight = 1; weight <= log; weight++)
    weights.forEach((its, symbol) => {
      if (its !== weight) return
      const end = at + (1 << (weight - 1))
      symbols.fill(symbol, at, end)
      bits.fill(log + 1 - weight, at, end)
      at = end
    })
  return { log, symbols, bits }
}

/** Fills `out` from a stream, which must end with the last symbol (RFC 8878, 4.2.2). */
export function readSymbols(stream: Uint8Array, table: HuffmanTable, out: Uint8Array): void {
  const bits = new BackwardBits(stream)
  const { log } = table
  for (let i = 0; i < out.length; i++) {
    const code = bits.peek(log)
    out[i] = table.symbols[code] as number
    bits.left -= table.bits[code] as number
    if (bits.left < 0) break
  }
  if (bits.left !== 0) throw corrupt('literals that do not end with their stream')
}
