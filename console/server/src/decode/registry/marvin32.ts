/** Seed of the hashes in logs (Suhanov, Windows registry file format specification, "Log entries"). */
const [seedLow, seedHigh] = [0x7a4e55c5, 0x82ef4d88]

/** Marvin32 of the bytes between two places: its low and its high half. */
export function marvin32(bytes: Buffer, at: number, end: number): readonly [low: number, high: number] {
  let [low, high] = [seedLow, seedHigh]
  const mix = (word: number) => {
    low = (low + word) | 0
    high ^= low
    low = (((low << 20) | (low >>> 12)) + high) | 0
    high = ((high << 9) | (high >>> 23)) ^ low
    low = (((low << 27) | (low >>> 5)) + high) | 0
    high = (high << 19) | (high >>> 13)
  }
  let from = at
  for (; from + 4 <= end; from += 4) mix(bytes.readInt32LE(from))
  // What is left of a word is closed with a set bit.
  let last = 0x80
  for (let byte = end - 1; byte >= from; byte--) last = (last << 8) | (bytes[byte] ?? 0)
  mix(last)
  mix(0)
  return [low >>> 0, high >>> 0]
}
