/** Bytes of a message that fits into one block of SHA-1 with its end mark and length. */
const mostBytes = 55

const begin = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0] as const

const words = new Int32Array(80)

/** SHA-1 (FIPS 180-4, section 6.1) of at most 55 bytes; decoders import nothing of Node. */
export function sha1(message: Uint8Array): Uint8Array {
  if (message.length > mostBytes) throw new RangeError(`${message.length} bytes are more than one block holds`)
  const block = new Uint8Array(64)
  block.set(message)
  block[message.length] = 0x80
  const data = new DataView(block.buffer)
  data.setUint32(60, message.length * 8)
  for (let t = 0; t < 16; t++) words[t] = data.getInt32(t * 4)
  for (let t = 16; t < 80; t++) words[t] = left(word(t - 3) ^ word(t - 8) ^ word(t - 14) ^ word(t - 16), 1)
  const digest = new DataView(new ArrayBuffer(20))
  for (const [i, part] of rounds().entries()) digest.setInt32(i * 4, ((begin[i] ?? 0) + part) | 0)
  return new Uint8Array(digest.buffer)
}

const word = (t: number) => words[t] ?? 0

const left = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))

function rounds(): number[] {
  let [a, b, c, d, e] = begin as readonly [number, number, number, number, number]
  for (let t = 0; t < 80; t++) {
    const next = (left(a, 5) + mixed(t, b, c, d) + e + word(t)) | 0
    e = d
    d = c
    c = left(b, 30)
    b = a
    a = next
  }
  return [a, b, c, d, e]
}

/** The function and the constant of a round. */
function mixed(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
  return (b ^ c ^ d) + 0xca62c1d6
}
