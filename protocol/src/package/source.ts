/** Where a package is read from: a file, or a blob in a browser. `read` may give fewer bytes only at the end. */
export interface RandomAccess {
  size: number
  read(offset: number, length: number): Promise<Uint8Array>
}

/** Bytes from `offset`: all of `length`, or what is there before the end. */
export async function readAt(source: RandomAccess, offset: number, length: number): Promise<Uint8Array> {
  const wanted = Math.max(0, Math.min(length, source.size - offset))
  if (wanted === 0) return new Uint8Array(0)
  const first = await source.read(offset, wanted)
  if (first.length === wanted) return first
  const whole = new Uint8Array(wanted)
  let at = 0
  for (let piece = first; piece.length > 0 && at < wanted; piece = await source.read(offset + at, wanted - at)) {
    whole.set(piece.subarray(0, wanted - at), at)
    at += piece.length
  }
  return whole.subarray(0, Math.min(at, wanted))
}

const windowBytes = 64 * 1024

/** The same source, with the last piece of it kept: headers are many and small, and each would be a read of its own. */
export function withReadAhead(source: RandomAccess): RandomAccess {
  let from = 0
  let kept: Uint8Array = new Uint8Array(0)
  return {
    size: source.size,
    async read(offset, length) {
      if (length >= windowBytes) return source.read(offset, length)
      if (offset < from || offset + length > from + kept.length) {
        kept = await readAt(source, offset, windowBytes)
        from = offset
      }
      return kept.subarray(offset - from, offset - from + length)
    },
  }
}
