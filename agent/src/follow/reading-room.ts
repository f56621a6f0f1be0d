import { limits } from '@tidewaiter/protocol'

/** A record and its LF, or the proof that it is longer. */
export const bufferBytes = limits.record + 1
/** More than comes in a moment at rest. */
const smallBytes = 64 * 1024

/** Room for one hand-over, shared by all files that are followed together. What it gave last is void with the next call. */
export interface ReadingRoom {
  /** For so many bytes at least, as far as there is a use for them. */
  of(bytes: number): Buffer
  /** Nothing is left to be read: the large one goes. It would lie there, untouched, for days. */
  letGo(): void
}

export function newReadingRoom(): ReadingRoom {
  const small = Buffer.allocUnsafeSlow(smallBytes)
  let large: Buffer | undefined
  return {
    of(bytes) {
      if (bytes <= smallBytes) return small
      large ??= Buffer.allocUnsafeSlow(bufferBytes)
      return large
    },
    letGo() {
      large = undefined
    },
  }
}
