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
  /** SHA-256 written into `out` from `at`: a tree has millions of nodes, and an object for each would cost more than the hash. */
  sha256Into(data: Uint8Array, out: Uint8Array, at: number): void
  sha256Stream(): Sha256Stream
  /** `length` bytes of AES-256-CTR keystream, counter from zero. */
  aes256ctr(key: Uint8Array, length: number): Uint8Array
  /** ECDSA P-256 with SHA-256, DER. */
  signP256(privateKey: Uint8Array, data: Uint8Array): Uint8Array
  /** False for a wrong signature and for one that cannot be read. */
  verifyP256(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean
  /** zstd. */
  deflate(data: Uint8Array): Uint8Array
  /** zstd; throws `inflate-too-large` when more than `limit` bytes would come out, before they are made. */
  inflate(data: Uint8Array, limit: number): Uint8Array
}
