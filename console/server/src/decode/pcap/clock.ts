import type { Frame } from './frame.ts'

/** How the time stamps of an interface count. */
export interface Clock {
  /** In a second; up to 2^36, which keeps the long division exact. */
  units: number
  /** Decimal digits that stand for the units; 9 for a power of 2. */
  digits: number
  /** Seconds to add (`if_tsoffset`). */
  offset: number
}

export const micros: Clock = { units: 1e6, digits: 6, offset: 0 }

/**
 * `if_tsresol` (draft-ietf-opsawg-pcapng, section 4.2): a power of 10, or of 2 where the highest bit is set. Undefined for
 * what is finer than can be kept; packets then have no time.
 */
export function clockOf(resolution: number, offset: number): Clock | undefined {
  const power = resolution & 0x7f
  const isBinary = resolution >= 0x80
  if (power > (isBinary ? 36 : 9)) return undefined
  return { units: isBinary ? 2 ** power : 10 ** power, digits: isBinary ? 9 : power, offset }
}

/** A 64-bit count of units is more than a number holds: it is divided in pieces. */
export function setTime(frame: Frame, high: number, low: number, { units, digits, offset }: Clock): void {
  const middle = (high % units) * 65_536 + (low >>> 16)
  const bottom = (middle % units) * 65_536 + (low & 0xffff)
  const [top, half, rest] = [Math.floor(high / units), Math.floor(middle / units), Math.floor(bottom / units)]
  frame.seconds = top * 2 ** 32 + half * 65_536 + rest + offset
  frame.nanos = Math.floor((bottom % units) * (1e9 / units))
  frame.digits = digits
}
