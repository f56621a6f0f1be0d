import type { Proof } from '@tidewaiter/protocol'
import { type Code, refuse } from '../error.ts'
import type { Entry } from '../ledger/ledger.ts'
import { startThread } from '../thread.ts'
import type { Answer, HeaderOfLedger, Question } from './prove-worker.ts'

/** Opens batches and makes proofs in a thread of its own: hashing megabytes does not hold up the console. */
export interface Prover {
  /**
   * Must come first: the entry hashes of the ledger of the cut, which are given away, and how many of them are those of
   * it and of the ledgers it was restored from. Returns their root in hex.
   */
  useLedger(sizes: ReadonlyMap<string, number>, leaves: Uint8Array): Promise<string>
  /** That the first `size` entries are a beginning of the ledger, as it stands in a package. */
  consistencyOf(size: number): Promise<string>
  /** Proofs of these records; undefined for an index the batch has not. Throws what `openBatch` throws. */
  proofsOf(entry: Entry, payload: Uint8Array, indexes: readonly number[]): Promise<(Proof | undefined)[]>
  /** Lines of `headers.ndjson`. */
  linesOf(entries: readonly HeaderOfLedger[]): Promise<string>
  close(): Promise<void>
}

export function openProver(): Prover {
  const worker = startThread(new URL('./prove-worker.ts', import.meta.url))
  let dead: unknown
  worker.on('error', (error) => {
    dead = error
  })
  const ask = <Value>(question: Question, transfer: ArrayBuffer[] = []): Promise<Value> =>
    new Promise((resolve, reject) => {
      if (dead !== undefined) return reject(dead)
      worker.once('error', reject)
      worker.once('message', (answer: Answer) => {
        worker.off('error', reject)
        // The answer to this question: one is asked at a time, and the thread answers each in its own type.
        if ('value' in answer) resolve(answer.value as Value)
        else reject(refuse(answer.code as Code, answer.says))
      })
      worker.postMessage(question, transfer)
    })
  return {
    useLedger: (sizes, leaves) => ask({ kind: 'ledger', sizes, leaves }, ownMemory(leaves)),
    consistencyOf: (size) => ask({ kind: 'consistency', size }),
    proofsOf: ({ headerBytes, signature }, payload, indexes) =>
      ask({ kind: 'proofs', headerBytes, signature, payload, indexes: [...indexes] }),
    linesOf: (entries) => ask({ kind: 'headers', entries: [...entries] }),
    async close() {
      await worker.terminate()
    },
  }
}

/** Memory can only be given away whole, and only by who has it alone. */
function ownMemory({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : []
}
