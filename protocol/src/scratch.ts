/** Below this many bytes fresh memory costs nothing worth keeping it for. */
const worthKeeping = 256 * 1024

/**
 * Memory for large bytes that are needed for a moment, again and again; what it gave last is void with the next call.
 * Fresh memory each time makes the engine look for garbage so often that it costs more than the work itself (measured
 * with the sealing of a backlog: a quarter of the CPU). Once little is needed, what much needed is given back.
 */
export function newScratch(): (bytes: number) => Uint8Array {
  let kept = new Uint8Array(0)
  return (bytes) => {
    if (bytes < worthKeeping) {
      kept = new Uint8Array(0)
      return new Uint8Array(bytes)
    }
    if (bytes > kept.length) kept = new Uint8Array(Math.ceil(bytes / worthKeeping) * worthKeeping)
    return kept.subarray(0, bytes)
  }
}
