import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Fact, SetFact } from '@tidewaiter/protocol/api'
import { useCallback, useEffect, useReducer, useRef } from 'react'
import { isCode, isStatus } from '../../../api/client.ts'
import { incidentQuery, setFact } from '../../../api/incidents.ts'
import { useHeld } from '../../../components/permission.ts'
import { wordsOf } from '../../../components/problem-note.tsx'
import { type Checked, checkAnswer, isKeptOnPurpose } from './check.ts'
import { dropDraft, readDraft, writeDraft } from './drafts.ts'
import { type Answer, answerOf, type Change, type Editor, edit, isSame, openEditor } from './editor.ts'

/** A pause in typing after which a field is kept. */
const pauseMs = 800
/** Before a console that did not answer is asked again. */
const againMs = 3000

function open(incident: string, fact: Fact): Editor {
  const editor = openEditor(fact)
  const draft = readDraft(incident, fact.field)
  if (draft === undefined) return editor
  const { rev, ...answer } = draft
  const typed = edit(editor, { kind: 'typed', answer })
  return rev === fact.rev || typed.status.kind === 'kept' ? typed : edit(typed, { kind: 'stale', theirs: fact })
}

export interface FactEditing extends Editor {
  checked: Checked
  /** Why nothing can be kept now. */
  blocked: string | undefined
  type: (answer: Answer) => void
  save: (reason?: string) => void
  takeTheirs: () => void
  keepMine: () => void
}

/** A fact that keeps itself: a pause after what was typed, or on purpose where a clock runs from it. */
export function useFact(incident: string, fact: Fact): FactEditing {
  const [editor, change] = useReducer(edit, undefined, () => open(incident, fact))
  const blocked = useHeld('report')
  const latest = useRef(editor)
  useEffect(() => {
    latest.current = editor
  })
  const { field } = fact
  const { status, answer } = editor
  const checked = checkAnswer(fact, answer)
  const save = useSave(incident, field, { latest, change })

  useEffect(() => change({ kind: 'renewed', fact }), [fact])

  const isReady = status.kind === 'typed' && checked.kind === 'fine' && blocked === undefined && !isKeptOnPurpose(field)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the pause is counted from the last change of the answer
  useEffect(() => {
    if (!isReady) return
    const timer = setTimeout(() => void save(), pauseMs)
    return () => clearTimeout(timer)
  }, [isReady, answer, save])

  return {
    ...editor,
    checked,
    blocked,
    type(next) {
      keepDraft(incident, editor.base, next)
      change({ kind: 'typed', answer: next })
    },
    save: (reason) => void save(reason),
    takeTheirs() {
      dropDraft(incident, field)
      change({ kind: 'take-theirs' })
    },
    keepMine() {
      if (status.kind === 'conflict') keepDraft(incident, status.theirs, answer)
      change({ kind: 'keep-mine' })
    },
  }
}

/** In this browser, until the console holds it. */
function keepDraft(incident: string, base: Fact, answer: Answer): void {
  if (isSame(answer, answerOf(base))) dropDraft(incident, base.field)
  else writeDraft(incident, base.field, { ...answer, rev: base.rev })
}

/** Asks the console to keep what stands in the form. It is called kept when the console has answered, and never before. */
function useSave(
  incident: string,
  field: string,
  { latest, change }: { latest: React.RefObject<Editor>; change: (change: Change) => void },
): (reason?: string) => Promise<void> {
  const queries = useQueryClient()
  const { mutateAsync } = useMutation({ mutationFn: (body: SetFact) => setFact(incident, body) })
  return useCallback(
    async (reason) => {
      const { base, answer: asked } = latest.current
      change({ kind: 'asked' })
      try {
        const saved = await mutateAsync({ field, ...asked, rev: base.rev, ...(reason !== undefined && { reason }) })
        // What was typed since then waits, over the revision that is kept now.
        if (isSame(latest.current.answer, asked)) dropDraft(incident, field)
        else keepDraft(incident, saved, latest.current.answer)
        change({ kind: 'saved', fact: saved })
        for (const key of [['incident', incident], ['incidents'], ['overview']])
          void queries.invalidateQueries({ queryKey: key })
      } catch (error) {
        if (!(error instanceof Error)) throw error
        change(await afterFailure(error, () => theirsOf(queries, incident, field)))
      }
    },
    [incident, field, queries, mutateAsync, latest, change],
  )
}

async function afterFailure(error: Error, theirsNow: () => Promise<Fact | undefined>): Promise<Change> {
  if (isStatus(error, 0)) {
    await new Promise((resolve) => setTimeout(resolve, againMs))
    return { kind: 'unreached' }
  }
  const theirs = isCode(error, 'revision-stale') ? await theirsNow() : undefined
  return theirs === undefined ? { kind: 'refused', says: wordsOf(error).detail } : { kind: 'stale', theirs }
}

async function theirsOf(
  queries: ReturnType<typeof useQueryClient>,
  incident: string,
  field: string,
): Promise<Fact | undefined> {
  const detail = await queries.fetchQuery({ ...incidentQuery(incident), staleTime: 0 }).catch(() => undefined)
  return detail?.facts.find((fact) => fact.field === field)
}
