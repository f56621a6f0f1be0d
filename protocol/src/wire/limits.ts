/** Bounds that both sides hold, in bytes unless the name says otherwise. What is over one is refused before it is parsed. */
export const limits = {
  /** One record; a longer one goes in parts. */
  record: 1024 * 1024,
  /** Batch header. */
  header: 256 * 1024,
  /** Signature (DER of P-256 is at most 72). */
  signature: 80,
  /** Inflated payload of one batch. */
  raw: 4 * 1024 * 1024 + 64 * 1024,
  /** Payload as sent; zstd adds little to what it cannot compress. */
  payload: 4 * 1024 * 1024 + 128 * 1024,
  /** Records in one batch, a count. */
  records: 200_000,
  /** Chunk head line, its LF included. */
  chunkHead: 16 * 1024,
  /** One binary frame: a batch, or a chunk of an artifact. */
  binaryFrame: 5 * 1024 * 1024,
  /** One chunk of an artifact; all are full but the last. */
  chunk: 1024 * 1024,
  /** One artifact: what a 32-bit number of chunks could hold is more than any host is asked for. */
  artifact: 64 * 1024 ** 3,
  /** Chunks of artifacts an agent may have on the wire before the first of them is acknowledged, a count. */
  chunks: 4,
  /** One control message. */
  textFrame: 512 * 1024,
  /** Unacknowledged payload an agent may have on the wire, counted raw. */
  window: 8 * 1024 * 1024,
} as const
