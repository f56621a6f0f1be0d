import { ctr } from '@noble/ciphers/aes.js'
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { hashingOneByOne, inflateZstd, type Primitives, pointOf } from '@tidewaiter/protocol'

const oneByOne = hashingOneByOne((data) => sha256(data))

/** Primitives for a browser: what verifying needs. It never seals, so it neither signs nor compresses. */
export const browserPrimitives: Primitives = {
  sha256: (data) => sha256(data),
  hashing: () => oneByOne,
  sha256Stream() {
    const stream = sha256.create()
    return { update: (data) => void stream.update(data), digest: () => stream.digest() }
  },
  aes256ctr: (key, length) => ctr(key, new Uint8Array(16)).encrypt(new Uint8Array(length)),
  signP256() {
    throw new Error('a browser does not sign')
  },
  verifyP256(key, data, signature) {
    const point = pointOf(key)
    if (point === undefined) return false
    try {
      return p256.verify(signature, data, point, { format: 'der', lowS: false, prehash: true })
    } catch {
      return false
    }
  },
  deflate() {
    throw new Error('a browser does not compress')
  },
  inflate: inflateZstd,
}
