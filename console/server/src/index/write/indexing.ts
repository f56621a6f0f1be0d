import type { Entry } from '../../ledger/ledger.ts'

/** A batch as the ledger gives it. */
export interface LedgerBatch {
  entry: Entry
  payload: Uint8Array
}

/** Why a batch is in the ledger and not in the index: a code of `error.ts`, and a sentence. */
export interface Mark {
  position: number
  code: string
  says: string
  /** Its entry, which is as it was received whatever became of its payload. */
  entry?: Entry | undefined
}

/** What one writer makes of batches: one transaction after the other, each over its own files. */
export interface Indexing {
  /** Ledger position (exclusive) up to which everything is written. */
  cursor(): number
  /** Position up to which may be read now, where another writer goes ahead; undefined without bound. */
  bound?(): number
  /** @param day of the console, on which all batches of the transaction were received */
  begin(day: string): void
  /** Gives the number of events. Throws `Unindexable` for what a batch is to blame for. */
  add(batch: LedgerBatch): number
  mark(mark: Mark): void
  /** @param position behind the last batch */
  commit(position: number): void
  rollback(): void
  close(): void
}

/** The batch itself cannot be indexed: it is left out, and the others go on. */
export class Unindexable extends Error {
  readonly mark: Mark

  constructor(mark: Mark, cause: unknown) {
    super(mark.says, { cause })
    this.mark = mark
  }
}
