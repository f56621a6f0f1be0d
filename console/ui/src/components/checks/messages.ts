import type { VerifyReport } from '@tidewaiter/protocol'
import type { RecordDetail } from '@tidewaiter/protocol/api'
import type { ProofAnswer } from './proof.ts'

/** What the page asks of the worker; `no` comes back with the answer. */
export type Question =
  | { no: number; kind: 'package'; file: Blob; fingerprint?: string }
  | { no: number; kind: 'record'; detail: Pick<RecordDetail, 'record' | 'bytes' | 'proof' | 'publicKey'> }

export interface Progress {
  doneBytes: number
  ofBytes: number
}

export type Answer =
  | { no: number; kind: 'progress'; progress: Progress }
  | { no: number; kind: 'report'; report: VerifyReport }
  | { no: number; kind: 'proof'; proof: ProofAnswer }
  | { no: number; kind: 'failed'; says: string }
