import { limits } from '@tidewaiter/protocol'

/** A smaller copy has memory of its own: an agent at rest makes no others. */
const largeBytes = 64 * 1024
/** So much copied at once is a burst. */
const busyBytes = limits.raw / 4

/**
 * Copies of bytes that are let go of together. In a burst they lie in one piece of memory that is used again and again:
 * fresh memory for each costs more than sealing what is in it (`newScratch` of protocol says why).
 */
export class Arena {
  #kept: Uint8Array | undefined
  #used = 0

  copyOf(bytes: Uint8Array): Uint8Array {
    if (bytes.length < largeBytes) return new Uint8Array(bytes)
    const at = this.#used
    this.#used += bytes.length
    if (this.#kept === undefined || this.#used > this.#kept.length) return new Uint8Array(bytes)
    this.#kept.set(bytes, at)
    return this.#kept.subarray(at, this.#used)
  }

  /** All copies are void from now on. Only after so much is memory kept for as much again. */
  clear(): void {
    this.#kept = this.#used < busyBytes ? undefined : (this.#kept ?? new Uint8Array(limits.raw))
    this.#used = 0
  }
}
