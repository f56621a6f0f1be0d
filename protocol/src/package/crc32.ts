/** Tables for eight bytes at a time: `tables[k][b]` is the remainder of byte `b` followed by k zero bytes. */
const tables = makeTables()

function makeTables(): readonly Uint32Array[] {
  const first = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
    first[byte] = rest
  }
  const all = [first]
  for (let k = 1; k < 8; k++) all.push((all[k - 1] as Uint32Array).map((rest) => (rest >>> 8) ^ at(first, rest & 255)))
  return all
}

/** Indexes below are bytes, so that they are always inside a table. */
function at(table: Uint32Array | undefined, index: number): number {
  return (table as Uint32Array)[index] as number
}

/** CRC-32 as zip uses it (ISO 3309); `before` goes on from the CRC of what came before. */
export function crc32(data: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables
  const words = new DataView(data.buffer, data.byteOffset, data.byteLength)
  let crc = ~before
  let i = 0
  for (; i + 8 <= data.length; i += 8) {
    const low = words.getUint32(i, true) ^ crc
    const high = words.getUint32(i + 4, true)
    crc =
      at(t7, low & 255) ^
      at(t6, (low >>> 8) & 255) ^
      at(t5, (low >>> 16) & 255) ^
      at(t4, low >>> 24) ^
      at(t3, high & 255) ^
      at(t2, (high >>> 8) & 255) ^
      at(t1, (high >>> 16) & 255) ^
      at(t0, high >>> 24)
  }
  for (; i < data.length; i++) crc = (crc >>> 8) ^ at(t0, (crc ^ (data[i] as number)) & 255)
  return ~crc >>> 0
}
