/** The records of a payload, as far as their leaves are made of them (evidence.md 3). */
export interface RecordsOfPayload {
  count: number
  /** 16 bytes for each. */
  salts: Uint8Array
  /** The whole payload. */
  bytes: Uint8Array
  chunks: readonly RecordsOfChunk[]
}

export interface RecordsOfChunk {
  /** SHA-256 of the chunk head line. */
  headHash: Uint8Array
  /** Number of the chunk's first record in the payload. */
  first: number
  /** Where each record lies in the payload, and its position in its source. */
  starts: Uint32Array
  ends: Uint32Array
  positions: Float64Array
}

/** Makes the hashes of a tree, 32 bytes each, side by side. */
export interface Hashing {
  /** SHA-256(0x00 || salt || SHA-256(chunk head line) || position || record), for each record. */
  leaves(records: RecordsOfPayload): Uint8Array
  /** SHA-256(0x01 || left || right) of each two hashes of a level, written into `out`, which may begin where the level does. An odd last one is left out. */
  parents(level: Uint8Array, out: Uint8Array): void
}
