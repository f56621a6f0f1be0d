import { concat } from '../bytes.ts'

/** What of a stream is looked at: it holds no more than was asked for, and one piece. */
export interface Window {
  /** Bytes of the stream before it. */
  readonly at: number
  /** The next bytes, as many as were asked for; fewer only where the stream ends. Valid until the next call. */
  peek(length: number): Promise<Uint8Array>
  skip(length: number): void
  /** Skips to the next place where these bytes stand; false where they stand nowhere, and all was skipped. */
  skipTo(mark: Uint8Array): Promise<boolean>
}

export function newWindow(pieces: AsyncIterable<Uint8Array>): Window {
  const from = pieces[Symbol.asyncIterator]()
  let held: Uint8Array = new Uint8Array(0)
  let at = 0
  let isOver = false

  const fill = async (length: number) => {
    const parts = [held]
    for (let bytes = held.length; bytes < length && !isOver; ) {
      const next = await from.next()
      if (next.done === true) isOver = true
      else {
        parts.push(next.value)
        bytes += next.value.length
      }
    }
    if (parts.length > 1) held = concat(...parts)
  }
  const skip = (length: number) => {
    held = held.subarray(length)
    at += length
  }
  return {
    get at() {
      return at
    },
    async peek(length) {
      await fill(length)
      return held.subarray(0, length)
    },
    skip,
    async skipTo(mark) {
      for (;;) {
        await fill(mark.length)
        const found = indexOf(held, mark)
        if (found >= 0) {
          skip(found)
          return true
        }
        const isEnd = held.length < mark.length
        // The mark may begin in the last bytes of what is held.
        skip(isEnd ? held.length : held.length - mark.length + 1)
        if (isEnd) return false
      }
    },
  }
}

function indexOf(bytes: Uint8Array, mark: Uint8Array): number {
  const [first = 0] = mark
  for (let at = bytes.indexOf(first); at >= 0 && at + mark.length <= bytes.length; at = bytes.indexOf(first, at + 1))
    if (mark.every((byte, i) => bytes[at + i] === byte)) return at
  return -1
}
