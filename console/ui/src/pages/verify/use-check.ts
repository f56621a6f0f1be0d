import type { VerifyReport } from '@tidewaiter/protocol'
import { useEffect, useRef, useState } from 'react'
import { checkPackage, type PackageCheck } from '../../components/checks/ask-worker.ts'
import type { Progress } from '../../components/checks/messages.ts'

export type Checking =
  | { state: 'none' }
  | { state: 'running'; file: File; progress: Progress; startedAt: number }
  | { state: 'cancelled'; file: File }
  | { state: 'failed'; file: File; error: Error }
  | { state: 'done'; file: File; report: VerifyReport }

/** Checks one package at a time, in a worker. Another file, or leaving the page, ends the check before it. */
export function useCheck() {
  const [checking, setChecking] = useState<Checking>({ state: 'none' })
  const running = useRef<PackageCheck>(undefined)
  useEffect(() => () => running.current?.cancel(), [])
  const start = (file: File) => {
    running.current?.cancel()
    const startedAt = Date.now()
    const show = (next: Checking) => running.current === check && setChecking(next)
    const check = checkPackage(file, {
      onProgress: (progress) => show({ state: 'running', file, progress, startedAt }),
    })
    running.current = check
    show({ state: 'running', file, progress: { doneBytes: 0, ofBytes: file.size }, startedAt })
    check.report.then(
      (report) => show({ state: 'done', file, report }),
      (error: unknown) =>
        show({ state: 'failed', file, error: error instanceof Error ? error : new Error(String(error)) }),
    )
  }
  const cancel = () => {
    if (checking.state !== 'running') return
    running.current?.cancel()
    running.current = undefined
    setChecking({ state: 'cancelled', file: checking.file })
  }
  return { checking, start, cancel }
}
