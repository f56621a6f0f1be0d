import type { Entry, Ledger } from '../../ledger/ledger.ts'
import { startThread } from '../../thread.ts'
import type { Answer, Question, Wanted } from './documents-thread.ts'

export type Document = Record<string, unknown>

/** An indexed event as it is decoded again: its records in their order. */
export interface Records {
  places: readonly { id: string; position: number; index: number }[]
  dataset: string | null
  /** Which of the events of its records it is. */
  ordinal: number
  /** It was ended before its source ended it. */
  isCut: boolean
  header?: string
}

/** Decodes events again from their records, in a thread of its own: opening batches does not hold up the console. */
export interface Documents {
  /** One for each, in their order. @param isClear private numbers are shown */
  of(events: readonly Records[], isClear: boolean): Promise<Document[]>
  close(): Promise<void>
}

export interface DocumentsOptions {
  ledger: Pick<Ledger, 'entry' | 'payload'>
  indexKey: Uint8Array
}

/** Each may be of another batch, and a batch is several megabytes. */
const eventsAtOnce = 16

export function openDocuments({ ledger, indexKey }: DocumentsOptions): Documents {
  let thread = openThread(indexKey)
  /** One page after the other: what the thread holds is then known to be there until the page is done. */
  let before: Promise<unknown> = Promise.resolve()

  const makePart = async (events: readonly Records[], isClear: boolean): Promise<Document[]> => {
    const positions = [...new Set(events.flatMap(({ places }) => places.map(({ position }) => position)))]
    const missing = await thread.ask<number[]>({ kind: 'hold', positions })
    for (const position of missing) {
      const batch = await readBatch(ledger, position)
      if (batch !== undefined) await thread.ask({ kind: 'open', position, ...batch })
    }
    const wanted: Wanted[] = events.map(({ places, ...how }) => ({ places: [...places], ...how }))
    return thread.ask<Document[]>({ kind: 'decode', wanted, isClear })
  }
  const make = async (events: readonly Records[], isClear: boolean): Promise<Document[]> => {
    const documents: Document[] = []
    for (let at = 0; at < events.length; at += eventsAtOnce)
      documents.push(...(await makePart(events.slice(at, at + eventsAtOnce), isClear)))
    return documents
  }
  return {
    of(events, isClear) {
      if (events.length === 0) return Promise.resolve([])
      const page = before.then(async () => {
        if (thread.isDead()) thread = openThread(indexKey)
        return make(events, isClear)
      })
      before = page.catch(() => undefined)
      return page
    },
    async close() {
      await before
      await thread.close()
    },
  }
}

async function readBatch({ entry, payload }: DocumentsOptions['ledger'], position: number) {
  const found: Entry | undefined = await entry(position)
  return found === undefined ? undefined : { headerBytes: found.headerBytes, payload: await payload(position) }
}

function openThread(indexKey: Uint8Array) {
  const worker = startThread(new URL('./documents-thread.ts', import.meta.url), { workerData: { indexKey } })
  worker.unref()
  let dead: unknown
  worker.on('error', (error) => {
    dead = error
  })
  return {
    isDead: () => dead !== undefined,
    ask: <Value>(question: Question): Promise<Value> =>
      new Promise((resolve, reject) => {
        if (dead !== undefined) return reject(dead)
        worker.once('error', reject)
        worker.once('message', (answer: Answer) => {
          worker.off('error', reject)
          // The answer to this question: one is asked at a time, and the thread answers each in its own type.
          resolve(answer as Value)
        })
        worker.postMessage(question)
      }),
    async close() {
      await worker.terminate()
    },
  }
}
