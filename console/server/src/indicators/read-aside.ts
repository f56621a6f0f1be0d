import type { ImportRequest } from '@tidewaiter/protocol/api'
import { type Code, refuse } from '../error.ts'
import { startThread } from '../thread.ts'
import type { Rows } from './rows.ts'

/** What reading a list may take. */
export interface Bounds {
  mostMs: number
  mostMb: number
  /** The program of the thread. */
  program: URL
}

const usual: Bounds = { mostMs: 120_000, mostMb: 1024, program: new URL('./read-worker.ts', import.meta.url) }

type Answer = { part: string } | { rest: Omit<Rows, 'parts'> } | { code: Code; says: string }

/**
 * Reads a list in a thread of its own: a large one does not hold up the console, and a hostile one ends with the time
 * and memory of that thread. Throws `indicator-file-refused`.
 */
export function readAside(request: ImportRequest, bounds: Partial<Bounds> = {}): Promise<Rows> {
  const { mostMs, mostMb, program } = { ...usual, ...bounds }
  const worker = startThread(program, {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: mostMb, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
  })
  const parts: string[] = []
  const { promise, resolve, reject } = Promise.withResolvers<Rows>()
  const timer = setTimeout(() => reject(tooMuch()), mostMs)
  worker.on('message', (answer: Answer) => {
    if ('part' in answer) parts.push(answer.part)
    else if ('rest' in answer) resolve({ parts, ...answer.rest })
    else reject(refuse(answer.code, answer.says))
  })
  // A stack or a table that is full is a `RangeError`; anything else is a mistake of ours.
  worker.once('error', (cause: Error & { code?: string }) =>
    reject(cause.code === 'ERR_WORKER_OUT_OF_MEMORY' || cause.name === 'RangeError' ? tooMuch(cause) : cause),
  )
  worker.once('exit', () => reject(tooMuch()))
  return promise.finally(() => {
    clearTimeout(timer)
    return worker.terminate()
  })
}

function tooMuch(cause?: unknown) {
  return refuse(
    'indicator-file-refused',
    'Reading it takes more time or memory than a list of indicators may. Divide it.',
    { cause },
  )
}
