import type { DecodeRecord } from '../decoder.ts'

/** The bytes of a file that comes in records. */
export interface Pieces {
  add(record: DecodeRecord): void
  bytes(): number
  /** All of them, one behind the other. */
  joined(): Buffer
  /** Id of the record that a byte came in. */
  recordAt(at: number): string
  /** True where there was more than is held. */
  isFull(): boolean
}

/** Longer files are read as far as this: the largest hives have some hundred megabytes. */
const mostBytes = 768 * 1024 * 1024

export function newPieces(): Pieces {
  const held: Buffer[] = []
  const ids: string[] = []
  const starts: number[] = []
  let bytes = 0
  let isFull = false

  return {
    add(record) {
      isFull ||= bytes + record.bytes.length > mostBytes
      if (isFull) return
      // The block it lies in is not ours.
      held.push(Buffer.from(record.bytes))
      ids.push(record.id)
      starts.push(bytes)
      bytes += record.bytes.length
    },
    bytes: () => bytes,
    joined: () => Buffer.concat(held.splice(0)),
    recordAt(at) {
      let [low, high] = [0, starts.length - 1]
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] ?? 0) <= at) low = middle
        else high = middle - 1
      }
      return ids[low] ?? ''
    },
    isFull: () => isFull,
  }
}
