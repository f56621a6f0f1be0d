import { parentPort, workerData } from 'node:worker_threads'
import { Refusal } from '@tidewaiter/protocol'
import type { ImportRequest } from '@tidewaiter/protocol/api'
import { readIndicators } from './read.ts'
import { toRows } from './rows.ts'

// Given by `readAside`, which is the only one to start this thread.
const request = workerData as ImportRequest

try {
  const { parts, ...rest } = toRows(readIndicators(request.text, request.format), request)
  // One by one: what is copied at once holds up the thread that takes it.
  for (const part of parts) parentPort?.postMessage({ part })
  parentPort?.postMessage({ rest })
} catch (error) {
  // An error loses its class on the way to another thread; a refusal is an answer, anything else ends the thread.
  if (!(error instanceof Refusal)) throw error
  parentPort?.postMessage({ code: error.code, says: error.says })
}
