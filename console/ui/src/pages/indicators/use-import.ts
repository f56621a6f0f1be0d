import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ImportRequest, ImportResult, Tlp } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { importIndicators } from '../../api/indicators.ts'
import type { FieldProblem } from '../../ui/error-summary.tsx'

export interface ImportDraft {
  text: string
  source: string
  tlp: Tlp
}

/** What has to be there before a list can be looked at. */
function problemsOf({ text, source }: ImportDraft): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (text.trim() === '') problems.push({ id: 'indicators', text: 'Paste the indicators, or choose a file' })
  if (source.trim() === '') problems.push({ id: 'source', text: 'Say where they come from' })
  return problems
}

/** Whether an answer is about exactly what stands in the form now. */
function isAbout(asked: ImportRequest | undefined, { text, source, tlp }: ImportDraft): boolean {
  return asked?.text === text && asked.source === source.trim() && asked.tlp === tlp
}

/** A list of indicators on its way in: looked at first, then imported. */
export function useImport(start: ImportDraft) {
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const queries = useQueryClient()
  const work = useMutation({
    mutationFn: (body: ImportRequest) => importIndicators(body),
    onSuccess: (_result, { dryRun }) => {
      if (dryRun === true) return
      for (const key of ['indicators', 'sightings', 'overview']) void queries.invalidateQueries({ queryKey: [key] })
    },
  })
  const wasDry = work.variables?.dryRun === true
  const send = (dryRun: boolean) => {
    const found = problemsOf(draft)
    setProblems(found)
    if (found.length === 0 && !work.isPending) work.mutate({ ...draft, source: draft.source.trim(), dryRun })
  }
  const seen: ImportResult | undefined = wasDry && isAbout(work.variables, draft) ? work.data : undefined
  return {
    draft,
    change: (part: Partial<ImportDraft>) => setDraft({ ...draft, ...part }),
    problems,
    refuse: (problem: FieldProblem) => setProblems([problem]),
    isRunning: work.isPending,
    error: work.error,
    /** What is in the list as it stands in the form; undefined before it was looked at. */
    seen,
    /** What was imported. */
    done: wasDry ? undefined : work.data,
    check: () => send(true),
    take: () => send(false),
    startAnew() {
      work.reset()
      setDraft({ ...draft, text: '' })
    },
  }
}
