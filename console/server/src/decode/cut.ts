/** Where a record ends, and where the next one begins. */
interface Piece {
  end: number
  next: number
}

/**
 * Finds the end of the record that begins at `from`. Undefined when it does not end within `bytes`: more are needed.
 * Called with at most a little over the record limit, so it may look at all of it.
 */
export type Cut = (bytes: Uint8Array, from: number) => Piece | undefined

/** Where a record ends depends on what came before, such as a byte order: begun anew for each file. */
export interface Cutter {
  begin(): Cut
}

export function beginCut(cut: Cut | Cutter): Cut {
  return typeof cut === 'function' ? cut : cut.begin()
}

/** One record a line; its LF belongs to none (`evidence.md` 1). */
export const lines: Cut = (bytes, from) => {
  const end = bytes.indexOf(10, from)
  return end < 0 ? undefined : { end, next: end + 1 }
}

/** Records of a fixed size. */
export function fixed(size: number): Cut {
  return (bytes, from) => (from + size > bytes.length ? undefined : { end: from + size, next: from + size })
}

/** The whole file is one record. */
export const whole: Cut = () => undefined

/** The first lines of a sample as text, for finding out what a file is. The last line may be cut off and is left out. */
export function firstLines(sample: Uint8Array, most: number): string[] {
  const text = new TextDecoder('latin1').decode(sample.subarray(0, 65_536))
  const all = text.split('\n', most + 1)
  if (all.length > most || (all.length > 1 && sample.length >= 65_536)) all.pop()
  return all.filter((line) => line.trim() !== '')
}
