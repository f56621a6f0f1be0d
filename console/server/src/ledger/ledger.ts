import type { Batch, SignedHead, Tip } from '@tidewaiter/protocol'
import type { Space } from './disk.ts'
import type { Origin } from './origin.ts'

/** One batch as the ledger holds it. `branch`: first 8 hex digits of its header hash where it is the second of a fork. */
export interface Entry {
  position: number
  host: string
  seq: number
  branch: string | null
  receivedAtMs: number
  headerHash: string
  headerBytes: Uint8Array
  signature: Uint8Array
}

/** Host of an entry as record ids name it: each batch of a branch has a name of its own behind it. */
export function hostInIds({ host, branch }: Pick<Entry, 'host' | 'branch'>): string {
  return branch === null ? host : `${host}~${branch}`
}

/** The evidence: append-only, encrypted at rest, its head signed once per group commit. */
export interface Ledger {
  id: string
  /** Where its ledgers began after a restore, oldest first; empty for a console that never was restored. */
  origins: readonly Origin[]
  /** SPKI of the key that signs heads. */
  publicKey: Uint8Array
  /**
   * Appends a verified batch; resolves when its group is on disk, with the head that covers it.
   * Rejects with `disk-full` when it cannot be stored: nothing of it is kept then, and a later append tries again.
   */
  append(
    batch: Batch,
    at: { receivedAtMs: number; branch: string | null },
  ): Promise<{ position: number; head: SignedHead }>
  /** Newest batch of the host's own line (forks aside), from memory. */
  tipOf(host: string): Tip | null
  /** Hash of the header held under this number on the host's own line. */
  headerHashOf(host: string, seq: number): Promise<string | undefined>
  head(): SignedHead
  /** Entries held: positions are 0 .. size - 1. */
  size(): number
  entry(position: number): Promise<Entry | undefined>
  find(id: { host: string; branch: string | null; seq: number }): Promise<Entry | undefined>
  /** Entries of a host in order of position, without payloads; `from`/`to` are seqs. */
  entriesOf(host: string, span: { from: number; to: number }): AsyncIterable<Entry>
  /** The payload of an entry as the host sealed it (decrypted). Throws `payload-unreadable` when its segment key is gone. */
  payload(position: number): Promise<Uint8Array>
  /** Entry hashes 0 .. size - 1, side by side, for inclusion and consistency proofs. */
  leaves(size: number): Promise<Uint8Array>
  /** Bytes on disk, free on its volume, and of that in all. */
  space(): Promise<Space>
  onAppend(listener: (entry: Entry) => void): () => void
  close(): Promise<void>
}

/** What a child process reads the ledger through: its own library, its own cursor. */
export interface LedgerReader {
  size(): number
  /**
   * Entries from `position` on, with payloads, until `maxBytes` of payload are read; at least one if there is one.
   * Throws `payload-unreadable` when it is the entry at `position` itself that does not open: the reader may go on behind it.
   */
  read(position: number, maxBytes: number): { entry: Entry; payload: Uint8Array }[]
  /** An entry without its payload, which need not open. */
  entry(position: number): Entry | undefined
  close(): void
}
