import { type RandomAccess, verifyPackage } from '@tidewaiter/protocol'
import { browserPrimitives } from '@tidewaiter/protocol/browser'
import type { Answer, Question } from './messages.ts'
import { judgeProof } from './proof.ts'

/** Checks packages and records away from the page, so that it stays quick. Nothing leaves this computer. */

function answer(message: Answer): void {
  self.postMessage(message)
}

/** A file as the verifier reads it: piece by piece, never whole. */
function sourceOf(file: Blob): RandomAccess {
  return {
    size: file.size,
    read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
  }
}

const betweenReportsMs = 100

async function checkPackage({ no, file, fingerprint }: Extract<Question, { kind: 'package' }>): Promise<void> {
  let saidAt = 0
  const report = await verifyPackage(browserPrimitives, sourceOf(file), {
    ...(fingerprint !== undefined && { fingerprint }),
    onProgress(progress) {
      const now = Date.now()
      if (now - saidAt < betweenReportsMs) return
      saidAt = now
      answer({ no, kind: 'progress', progress })
    },
  })
  answer({ no, kind: 'report', report })
}

self.addEventListener('message', (event: MessageEvent<Question>) => {
  const question = event.data
  const work =
    question.kind === 'package'
      ? checkPackage(question)
      : Promise.resolve()
          .then(() => judgeProof(browserPrimitives, question.detail))
          .then((proof) => answer({ no: question.no, kind: 'proof', proof }))
  work.catch((error: unknown) =>
    answer({ no: question.no, kind: 'failed', says: error instanceof Error ? error.message : String(error) }),
  )
})
