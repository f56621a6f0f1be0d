/** Hashes many messages into one array of hashes, which costs less than a call and an object for each. */
export interface Hashing {
  /** Where the messages are written: all of its buffer, so that places in it count in words as well. */
  readonly bytes: Uint8Array
  /**
   * The place in `bytes` for a message of so many bytes, whose hash becomes number `index`. It is written there before
   * anything else is asked; what stood there before is of no meaning.
   */
  next(length: number, index: number): number
  /** Hashes what was not hashed yet. */
  end(): void
}

/** SHA-256 of `data`, written into `out` from `at`. */
export type HashInto = (data: Uint8Array, out: Uint8Array, at: number) => void

/** @param longest bytes of the longest message */
export function hashOneByOne(hashInto: HashInto, out: Uint8Array, longest: number): Hashing {
  const bytes = new Uint8Array(4 * Math.ceil((alignment + longest) / 4))
  const views: (Uint8Array | undefined)[] = []
  // Messages are of few lengths, so that views are few too.
  const view = (length: number) => {
    if (length >= keptViews) return bytes.subarray(alignment, alignment + length)
    views[length] ??= bytes.subarray(alignment, alignment + length)
    return views[length]
  }
  let waiting = -1
  let at = 0
  const end = () => {
    if (waiting >= 0) hashInto(view(waiting), out, at)
    waiting = -1
  }
  return {
    bytes,
    next(length, index) {
      end()
      waiting = length
      at = index * 32
      return alignment
    },
    end,
  }
}

/** A message begins one byte before a word: what follows its first byte can be copied in words. */
export const alignment = 3
const keptViews = 4096
