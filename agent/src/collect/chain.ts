import { type Batch, type Tip, toPart } from '@tidewaiter/protocol'
import { isAgentRefusal } from '../error.ts'
import type { HostKey } from '../identity.ts'
import type { SealerSpool } from '../seal/sealer.ts'
import type { SealedSource } from '../spool/sources.ts'
import type { Changes } from '../spool/spool.ts'
import type { OutFile } from './out-file.ts'

/** The chain of one collection: takes batches as a spool does, and writes them to its file at once. */
export class CollectionChain implements SealerSpool {
  readonly #file: Pick<OutFile, 'write'>
  readonly #host: string
  readonly #failed: (cause: Error) => void
  readonly #sources = new Map<string, SealedSource>()
  #tip: Tip | null = null
  #records = 0

  /** @param failed called when the file takes nothing more: what is sealed from then on is nowhere */
  constructor(file: Pick<OutFile, 'write'>, { host }: Pick<HostKey, 'host'>, failed: (cause: Error) => void) {
    this.#file = file
    this.#host = host
    this.#failed = failed
  }

  get tip(): Tip | null {
    return this.#tip
  }

  /** Sealed and written. */
  get records(): number {
    return this.#records
  }

  chain() {
    return { no: 1, host: this.#host, tip: this.#tip }
  }

  commit({ bytes, header, headerHash }: Batch, { beside }: Changes): boolean {
    try {
      this.#file.write(toPart(bytes))
    } catch (cause) {
      if (!isAgentRefusal(cause)) throw cause
      this.#failed(cause)
      return false
    }
    this.#tip = { seq: header.seq, headerHash }
    this.#records += header.count
    for (const { id, next, count } of header.sources) {
      const before = this.#sources.get(id)
      this.#sources.set(id, {
        id,
        position: next,
        predecessor: beside?.predecessors?.get(id),
        backfill: beside?.backfills?.get(id) ?? before?.backfill,
        records: (before?.records ?? 0) + count,
        at: header.sealedAt,
      })
    }
    return true
  }

  sourceOf(id: string): SealedSource | undefined {
    return this.#sources.get(id)
  }

  sources(): SealedSource[] {
    return [...this.#sources.values()]
  }

  /** Nothing waits for a console. */
  usage() {
    return { batches: this.#tip?.seq ?? 0, bytes: 0, unacked: 0, unackedBytes: 0 }
  }

  hasRoom(): boolean {
    return true
  }

  owed(): [] {
    return []
  }

  recall(): undefined {
    return undefined
  }
}
