/*
 * Bech32 as keys of age are written (BIP 173; age-encryption.org/v1): without the bound of 90 characters.
 */

const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const checkSymbols = 6

/** Text of these bytes behind a prefix, in lower case. */
export function toBech32(prefix: string, bytes: Uint8Array): string {
  const data = regroup(bytes, { from: 8, to: 5 })
  const sum = polymod([...expand(prefix), ...data, ...new Array<number>(checkSymbols).fill(0)]) ^ 1
  const check = Array.from({ length: checkSymbols }, (_, i) => (sum >>> (5 * (checkSymbols - 1 - i))) & 31)
  return `${prefix}1${[...data, ...check].map((symbol) => letters[symbol]).join('')}`
}

/** Bytes behind this prefix; undefined for any other text, also where one letter was mistyped. */
export function fromBech32(prefix: string, text: string): Uint8Array | undefined {
  const lower = text.toLowerCase()
  if ((text !== lower && text !== text.toUpperCase()) || !lower.startsWith(`${prefix}1`)) return undefined
  const symbols = Array.from(lower.slice(prefix.length + 1), (letter) => letters.indexOf(letter))
  if (symbols.length < checkSymbols || symbols.includes(-1)) return undefined
  if (polymod([...expand(prefix), ...symbols]) !== 1) return undefined
  const bytes = regroup(symbols.slice(0, -checkSymbols), { from: 5, to: 8, isExact: true })
  return bytes && Uint8Array.from(bytes)
}

function expand(prefix: string): number[] {
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0))
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)]
}

function polymod(symbols: readonly number[]): number {
  let sum = 1
  for (const symbol of symbols) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ symbol
    for (const [i, term] of generator.entries()) if ((top >>> i) & 1) sum ^= term
  }
  return sum >>> 0
}

function regroup(values: Iterable<number>, groups: { from: number; to: number; isExact: true }): number[] | undefined
function regroup(values: Iterable<number>, groups: { from: number; to: number }): number[]
function regroup(
  values: Iterable<number>,
  { from, to, isExact = false }: { from: number; to: number; isExact?: boolean },
): number[] | undefined {
  const out: number[] = []
  let held = 0
  let bits = 0
  for (const value of values) {
    held = ((held << from) | value) & 0xfff
    bits += from
    while (bits >= to) {
      bits -= to
      out.push((held >>> bits) & ((1 << to) - 1))
    }
  }
  const rest = (held << (to - bits)) & ((1 << to) - 1)
  if (isExact) return bits < from && rest === 0 ? out : undefined
  if (bits > 0) out.push(rest)
  return out
}
