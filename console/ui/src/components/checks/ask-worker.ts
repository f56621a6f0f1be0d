import type { VerifyReport } from '@tidewaiter/protocol'
import type { RecordDetail } from '@tidewaiter/protocol/api'
import type { Answer, Progress, Question } from './messages.ts'
import type { ProofAnswer } from './proof.ts'

const startWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })

let records: Worker | undefined
let last = 0

/** Checks the proof of one record. The worker stays: the next record comes soon. */
export function checkRecord(detail: RecordDetail): Promise<ProofAnswer> {
  records ??= startWorker()
  const { record, bytes, proof, publicKey } = detail
  last += 1
  return talk(
    records,
    { no: last, kind: 'record', detail: { record, bytes, proof, ...(publicKey !== undefined && { publicKey }) } },
    (message) => (message.kind === 'proof' ? message.proof : undefined),
  )
}

export interface PackageCheck {
  report: Promise<VerifyReport>
  cancel(): void
}

/** Checks a package in a worker of its own, which ends with it. */
export function checkPackage(
  file: Blob,
  { fingerprint, onProgress }: { fingerprint?: string; onProgress: (progress: Progress) => void },
): PackageCheck {
  const worker = startWorker()
  last += 1
  const question: Question = { no: last, kind: 'package', file, ...(fingerprint !== undefined && { fingerprint }) }
  const report = talk(worker, question, (message) => {
    if (message.kind === 'progress') onProgress(message.progress)
    return message.kind === 'report' ? message.report : undefined
  })
  return { report: report.finally(() => worker.terminate()), cancel: () => worker.terminate() }
}

/** Sends a question; resolves with what `read` makes of one of its answers. */
function talk<T>(worker: Worker, question: Question, read: (message: Answer) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      worker.removeEventListener('message', hear)
      worker.removeEventListener('error', fail)
    }
    const fail = (event: ErrorEvent) => {
      stop()
      reject(new Error(event.message || 'The part of this page that checks could not be started.'))
    }
    const hear = ({ data }: MessageEvent<Answer>) => {
      if (data.no !== question.no) return
      if (data.kind === 'failed') {
        stop()
        return reject(new Error(data.says))
      }
      const value = read(data)
      if (value === undefined) return
      stop()
      resolve(value)
    }
    worker.addEventListener('message', hear)
    worker.addEventListener('error', fail)
    worker.postMessage(question)
  })
}
