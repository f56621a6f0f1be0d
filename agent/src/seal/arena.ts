import { limits } from '@tidewaiter/protocol'

/** A larger copy goes into the memory that is kept. */
const largeBytes = 64 * 1024
/** Memory of which so much was used is needed again. */
const busyBytes = limits.raw / 4

/**
 * Copies of bytes that are let go of together. In a burst they lie in one piece of memory that is used again and again:
 * fresh memory for each costs more than sealing what is in it (`newRoom` of protocol says why).
 */
export class Arena {
  #kept: Uint8Array | undefined
  #used = 0

  copyOf(bytes: Uint8Array): Uint8Array {
    if (bytes.length < largeBytes || this.#used + bytes.length > limits.raw) return new Uint8Array(bytes)
    this.#kept ??= new Uint8Array(limits.raw)
    const copy = this.#kept.subarray(this.#used, this.#used + bytes.length)
    copy.set(bytes)
    this.#used += bytes.length
    return copy
  }

  /** All copies are void from now on. */
  clear(): void {
    if (this.#used < busyBytes) this.#kept = undefined
    this.#used = 0
  }
}
