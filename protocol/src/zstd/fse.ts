import { corrupt } from './bits.ts'

/** A decoding table of finite state entropy (RFC 8878, 4.1.1): per state a symbol, and how the next state is found. */
export interface FseTable {
  log: number
  symbols: Uint8Array
  bits: Uint8Array
  base: Uint16Array
}

/** The table of one symbol that needs no bits. */
export function repeatTable(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), base: new Uint16Array(1) }
}

/**
 * Table from the share of each symbol; -1 is "less than one state". The shares add up to 2^log.
 * Source: RFC 8878, 4.1.1 "From Normalized Distribution to Decoding Tables".
 */
export function buildTable(log: number, shares: readonly number[]): FseTable {
  const size = 1 << log
  const symbols = spread(size, shares)
  const bits = new Uint8Array(size)
  const base = new Uint16Array(size)
  const next = shares.map(Math.abs)
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] as number
    const share = next[symbol] as number
    next[symbol] = share + 1
    const count = log - (31 - Math.clz32(share))
    bits[state] = count
    base[state] = (share << count) - size
  }
  return { log, symbols, bits, base }
}

function spread(size: number, shares: readonly number[]): Uint8Array {
  const symbols = new Uint8Array(size)
  let high = size
  shares.forEach((share, symbol) => {
    if (share === -1) symbols[--high] = symbol
  })
  const step = (size >> 1) + (size >> 3) + 3
  let state = 0
  shares.forEach((share, symbol) => {
    for (let i = 0; i < share; i++) {
      symbols[state] = symbol
      do state = (state + step) & (size - 1)
      while (state >= high)
    }
  })
  return symbols
}

/** Reads the description of a table from the beginning of `bytes`. `next` is where what follows it begins. */
export function readTable(bytes: Uint8Array, most: { log: number; symbol: number }): { table: FseTable; next: number } {
  const bits = forwardBits(bytes)
  const log = bits.read(4) + 5
  if (log > most.log) throw corrupt('a table over the accuracy allowed')
  const shares: number[] = []
  let left = 1 << log
  while (left > 0) {
    const share = readShare(bits, left)
    shares.push(share)
    left -= Math.abs(share)
    if (share === 0) readZeros(bits, shares)
    if (shares.length > most.symbol + 1) throw corrupt('a table of more symbols than there are')
  }
  return { table: buildTable(log, shares), next: bits.bytesRead() }
}

/** How many shares after one of zero are zero too: a 3 says that more are told. */
function readZeros(bits: ForwardBits, shares: number[]): void {
  for (let more = true; more; ) {
    const zeros = bits.read(2)
    for (let i = 0; i < zeros; i++) shares.push(0)
    more = zeros === 3
  }
}

/** A share takes as few bits as its largest value needs, and one less where the value is small. */
function readShare(bits: ForwardBits, left: number): number {
  const largest = left + 1
  const width = 32 - Math.clz32(largest)
  const small = (1 << width) - 1 - largest
  const short = bits.peek(width - 1)
  if (short < small) {
    bits.read(width - 1)
    return short - 1
  }
  const value = bits.read(width)
  return (value < 1 << (width - 1) ? value : value - small) - 1
}

interface ForwardBits {
  peek(count: number): number
  read(count: number): number
  bytesRead(): number
}

function forwardBits(bytes: Uint8Array): ForwardBits {
  let bit = 0
  const peek = (count: number) => {
    const at = bit >> 3
    const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
    return (word >>> (bit & 7)) & ((1 << count) - 1)
  }
  const read = (count: number) => {
    const value = peek(count)
    bit += count
    if (bit > bytes.length * 8) throw corrupt('ends inside a table')
    return value
  }
  return { peek, read, bytesRead: () => Math.ceil(bit / 8) }
}
