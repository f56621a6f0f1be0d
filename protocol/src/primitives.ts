import { equal } from './bytes.ts'
import type { Hashing } from './hashing/hashing.ts'
import type { ZstdFrame } from './zstd/frame.ts'

/** An incremental SHA-256, for what is too large to hold. */
export interface Sha256Stream {
  update(data: Uint8Array): void
  digest(): Uint8Array
}

/**
 * The cryptography and compression that protocol needs, given as an argument so that the same code runs on
 * `node:crypto` and in a browser. All synchronous. Keys are DER: SPKI (public), PKCS #8 (private).
 */
export interface Primitives {
  /** 32 bytes. */
  sha256(data: Uint8Array): Uint8Array
  /** How so many messages of a tree are best hashed. */
  hashing(count: number): Hashing
  sha256Stream(): Sha256Stream
  /** `length` bytes of AES-256-CTR keystream, counter from zero. */
  aes256ctr(key: Uint8Array, length: number): Uint8Array
  /** ECDSA P-256 with SHA-256, DER. */
  signP256(privateKey: Uint8Array, data: Uint8Array): Uint8Array
  /** False for a wrong signature and for one that cannot be read. */
  verifyP256(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean
  /** One zstd frame as `readZstdFrame` takes it: with its size, without window, checksum or dictionary. */
  deflate(data: Uint8Array): Uint8Array
  /**
   * The bytes of a frame that `readZstdFrame` has taken. Throws when they are not as many as it says, never makes more,
   * and takes exactly what RFC 8878 takes, to the last bit of every stream.
   */
  inflate(data: Uint8Array, frame: ZstdFrame): Uint8Array
}

/** The SPKI of every P-256 key begins with these bytes; the uncompressed point of 65 bytes follows (RFC 5480, 2). */
const spkiPrefix = Uint8Array.from([
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
  0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
])

/**
 * The point in a public key, or undefined when the key is not written in the one way that is taken everywhere: a key
 * has one spelling, since a host's id is a hash of it.
 */
export function pointOf(spki: Uint8Array): Uint8Array | undefined {
  const point = spki.subarray(spkiPrefix.length)
  return point.length === 65 && point[0] === 4 && equal(spki.subarray(0, spkiPrefix.length), spkiPrefix)
    ? point
    : undefined
}
