import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Finding, Verdict } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { decide, findingQuery } from '../../api/findings.ts'
import { say } from '../../ui/toast.tsx'
import { useHeld } from '../permission.ts'
import { wordsOf } from '../problem-note.tsx'
import { verdictWords } from '../severity.tsx'

/** How long a decision can be taken back with one key; afterwards it is decided anew, which stays in the record too. */
const undoMs = 10 * 60_000

interface Made {
  id: string
  before: Verdict
  at: number
}

export interface Decisions {
  /** Why nothing can be decided now. */
  blocked: string | undefined
  error: Error | null
  make: (finding: Finding, verdict: Verdict, reason: string) => void
  /** Takes the last decision back; undefined when there is none, or it is too long ago. */
  undo: (() => void) | undefined
}

/** Deciding findings. What is shown as decided is what the console answered, never what was asked. */
export function useDecisions(): Decisions {
  const queries = useQueryClient()
  const held = useHeld('investigate')
  const [last, setLast] = useState<Made>()
  const decision = useMutation({
    mutationFn: ({ finding, verdict, reason }: { finding: Finding; verdict: Verdict; reason: string }) =>
      decide(finding.id, { verdict, reason }),
    onSuccess(decided, { finding }) {
      queries.setQueryData(findingQuery(decided.id).queryKey, decided)
      void queries.invalidateQueries({ queryKey: ['findings'] })
      void queries.invalidateQueries({ queryKey: ['overview'] })
      setLast({ id: decided.id, before: finding.verdict, at: Date.now() })
      say(`${verdictWords[decided.verdict]}: ${decided.title}`)
    },
    onError: (error) => say(`Not decided: ${wordsOf(error).detail}`),
  })
  const blocked = held ?? (decision.isPending ? 'a decision is being written down' : undefined)
  const undo = () => {
    if (last === undefined || Date.now() - last.at > undoMs) return
    const finding = queries.getQueryData(findingQuery(last.id).queryKey)
    setLast(undefined)
    if (finding !== undefined) decision.mutate({ finding, verdict: last.before, reason: 'Taken back.' })
  }
  return {
    blocked,
    error: decision.error,
    make(finding, verdict, reason) {
      if (blocked === undefined) decision.mutate({ finding, verdict, reason })
    },
    undo: last === undefined ? undefined : undo,
  }
}
