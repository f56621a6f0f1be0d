import { Refusal } from '../error.ts'

/** What a block says that no decoder may follow. */
export function corrupt(says: string): Refusal {
  return new Refusal('payload-malformed', `a corrupt zstd block: ${says}`)
}

/**
 * Reads a bit stream from its end backwards (RFC 8878, 4.1): the highest bit set in the last byte marks where it ends.
 * `left` counts the bits not read yet; reading beyond the beginning gives zeros and makes it negative.
 */
export class BackwardBits {
  left: number
  readonly #bytes: Uint8Array

  constructor(stream: Uint8Array) {
    const last = stream.at(-1)
    if (last === undefined || last === 0) throw corrupt('a bit stream without its end mark')
    this.left = stream.length * 8 - Math.clz32(last << 24) - 1
    // Four bytes are read at a time, also near the end.
    this.#bytes = new Uint8Array(stream.length + 4)
    this.#bytes.set(stream)
  }

  /** The next `count` bits, at most 24. */
  read(count: number): number {
    const bits = this.peek(count)
    this.left -= count
    return bits
  }

  /** The next `count` bits, not consumed. */
  peek(count: number): number {
    const bit = this.left - count
    const bits = bit < 0 ? this.#from(0) << -bit : this.#from(bit)
    return bits & ((1 << count) - 1)
  }

  #from(bit: number): number {
    const at = bit >> 3
    const bytes = this.#bytes
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    return word >>> (bit & 7)
  }
}
