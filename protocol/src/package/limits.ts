/** Bounds of what a verifier reads from a package, in bytes unless the name says otherwise. Files themselves may be of any size. */
export const packageLimits = {
  /** Name of a file inside the container, with its folders. */
  name: 240,
  /** Files, a count. */
  files: 200_000,
  /** The directory at the end of the container. */
  directory: 64 * 1024 * 1024,
  /** A manifest or a document that is read whole. */
  document: 64 * 1024 * 1024,
  /** Key, certificate, signature, or the card of a host or ledger. */
  card: 64 * 1024,
  /** One line: a proof holds a record and a header at their limits. */
  line: 4 * 1024 * 1024,
  /** Disclosed records, a count. */
  records: 1_000_000,
  /** What is read at once. */
  piece: 1024 * 1024,
} as const
