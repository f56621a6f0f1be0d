import { buildTable, type FseTable } from './fse.ts'

/** One of the three kinds of code that sequences are written in (RFC 8878, 3.1.1.3.2). */
export interface Kind {
  /** Largest accuracy and symbol that a written table may have. */
  most: { log: number; symbol: number }
  /** The table that holds where none is written. */
  predefined: FseTable
  /** Per code: the value it begins at, and how many bits are added to it. */
  from: Uint32Array
  bits: Uint8Array
}

const times = (count: number, value: number) => new Array<number>(count).fill(value)

/** Tables 16 and 22 of RFC 8878. */
export const literalLengths = kindOf(
  { log: 9, symbol: 35 },
  { first: 0, bits: [...times(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] },
  buildTable(6, [4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1), ...times(4, -1)]),
)

/** Tables 17 and 24. */
export const matchLengths = kindOf(
  { log: 9, symbol: 52 },
  { first: 3, bits: [...times(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] },
  buildTable(6, [1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)]),
)

/** An offset code is the number of its bits, and begins at two to that power (3.1.1.3.2.1.1). Table 26. */
export const offsets = kindOf(
  { log: 8, symbol: 31 },
  { first: 1, bits: Array.from({ length: 32 }, (_, code) => code) },
  buildTable(5, [...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)]),
)

function kindOf(most: Kind['most'], codes: { first: number; bits: number[] }, predefined: FseTable): Kind {
  const from = new Uint32Array(codes.bits.length)
  codes.bits.reduce((value, bits, code) => {
    from[code] = value
    return value + 2 ** bits
  }, codes.first)
  return { most, predefined, from, bits: Uint8Array.from(codes.bits) }
}
