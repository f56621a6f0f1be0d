import type { Cut } from '../cut.ts'

const [lf, quote, backslash, open, close] = [10, 34, 92, 123, 125]

/**
 * Each object is a record, whether one stands on a line (`ndjson`) or they are members of a list over many lines (`json`).
 * What is none goes on to the end of its line. A string that goes over a line, and an object within which another begins
 * at the beginning of a line, were torn: they end there, so that what follows is read.
 */
export const objects: Cut = (bytes, from) => {
  const start = beginning(bytes, from)
  if (bytes[start] !== open) {
    const end = bytes.indexOf(lf, start)
    return end < 0 ? undefined : { end, next: end + 1 }
  }
  const end = endOf(bytes, start)
  return end === undefined ? undefined : { end, next: bytes[end] === lf ? end + 1 : end }
}

/** Behind what stands between objects: the list's own signs and space. */
function beginning(bytes: Uint8Array, from: number): number {
  let at = from
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte > 32 && byte !== 44 && byte !== 91 && byte !== 93) break
  }
  return at
}

function endOf(bytes: Uint8Array, from: number): number | undefined {
  let depth = 0
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote) {
      const end = textEnd(bytes, at + 1)
      if (end === undefined || bytes[end] === lf) return end
      at = end
    } else if (byte === open) depth++
    else if (byte === close && --depth === 0) return at + 1
    else if (byte === lf && bytes[at + 1] === open) return at
  }
  return undefined
}

/** The quote that ends a text, or the end of the line that it has to end on. */
function textEnd(bytes: Uint8Array, from: number): number | undefined {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === quote || byte === lf) return at
    if (byte === backslash) at++
  }
  return undefined
}
