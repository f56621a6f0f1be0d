/** Bytes that are taken in lengths somebody else has to choose. */
export interface ByteSource {
  /** Exactly so many; fewer only where the bytes end. */
  take(length: number): Promise<Buffer>
}

/** Keeps no more than one piece, and what is asked for. */
export function byteSource(pieces: AsyncIterable<Uint8Array>): ByteSource {
  const from = pieces[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array(0)
  return {
    async take(length) {
      const parts: Uint8Array[] = []
      for (let missing = length; missing > 0; ) {
        if (rest.length === 0) {
          const next = await from.next()
          if (next.done === true) break
          rest = next.value
        }
        const part = rest.subarray(0, missing)
        rest = rest.subarray(part.length)
        missing -= part.length
        parts.push(part)
      }
      return Buffer.concat(parts)
    },
  }
}
