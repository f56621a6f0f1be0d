import { ctr } from '@noble/ciphers/aes.js'
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { equal, type Primitives, Refusal } from '@tidewaiter/protocol'
import { decompress } from 'fzstd'

/** SPKI of every P-256 key begins with these 26 bytes; the uncompressed point follows. */
const spkiPrefix = Uint8Array.from([
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
  0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
])

/** Primitives for a browser: what verifying needs. It never seals, so it neither signs nor compresses. */
export const browserPrimitives: Primitives = {
  sha256: (data) => sha256(data),
  sha256Into: (data, out, at) => out.set(sha256(data), at),
  sha256Stream() {
    const stream = sha256.create()
    return { update: (data) => void stream.update(data), digest: () => stream.digest() }
  },
  aes256ctr: (key, length) => ctr(key, new Uint8Array(16)).encrypt(new Uint8Array(length)),
  signP256() {
    throw new Error('a browser does not sign')
  },
  verifyP256(key, data, signature) {
    if (key.length !== 91 || !equal(key.subarray(0, 26), spkiPrefix)) return false
    try {
      return p256.verify(signature, data, key.subarray(26), { format: 'der', lowS: false, prehash: true })
    } catch {
      return false
    }
  },
  deflate() {
    throw new Error('a browser does not compress')
  },
  inflate(data, limit) {
    // fzstd fills a given buffer and throws when it does not fit; one byte more tells "too large" from "just full".
    const out = decompress(data, new Uint8Array(limit + 1))
    if (out.length > limit) throw new Refusal('inflate-too-large', `inflates to more than ${limit} bytes`)
    return out
  },
}
