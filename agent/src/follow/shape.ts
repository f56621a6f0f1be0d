/** How the bytes of a file are cut into records. */
export interface Shape {
  /** Each record is followed by an LF that belongs to none. */
  lf: boolean
  /** Cuts off whole records from the beginning, at most `most`. */
  cut(bytes: Buffer, most: number): { lengths: number[]; end: number }
  /** What is left over and has not grown for so long is handed over as it is. */
  openAfterMs: number
}

/** One record a line (`evidence.md` 1). */
export const lines: Shape = { lf: true, cut: cutLines, openAfterMs: 60_000 }

/** Records of one size; a torn one waits for the rest of it. */
export function fixed(size: number): Shape {
  return {
    lf: false,
    cut(bytes, most) {
      const count = Math.min(Math.floor(bytes.length / size), most)
      return { lengths: new Array<number>(count).fill(size), end: count * size }
    },
    openAfterMs: Number.POSITIVE_INFINITY,
  }
}

/**
 * The hot loop of collecting. The search is a native one, which stays fast where the JIT is off to save memory: that of
 * plain bytes, since a Buffer has one of its own which first looks at what it was given (measured: three times as slow).
 */
function cutLines(buffer: Buffer, most: number): { lengths: number[]; end: number } {
  const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
  const lengths: number[] = []
  let end = 0
  for (let lf = bytes.indexOf(10); lf >= 0 && lengths.length < most; lf = bytes.indexOf(10, end)) {
    lengths.push(lf - end)
    end = lf + 1
  }
  return { lengths, end }
}
