import type { Fact, FactState } from '@tidewaiter/protocol/api'

/** What a person answers: a state, and a value where it is answered. */
export interface Answer {
  state: FactState
  value: string
}

export type Status =
  | { kind: 'kept' }
  /** Typed and not yet asked to be kept. */
  | { kind: 'typed' }
  | { kind: 'saving'; asked: Answer }
  | { kind: 'refused'; says: string }
  /** Somebody else changed it meanwhile: both are shown. */
  | { kind: 'conflict'; theirs: Fact }

/** A fact while it is edited: what the console holds, what stands in the form, and how the two stand. */
export interface Editor {
  base: Fact
  answer: Answer
  status: Status
}

export type Change =
  | { kind: 'typed'; answer: Answer }
  | { kind: 'asked' }
  | { kind: 'saved'; fact: Fact }
  | { kind: 'refused'; says: string }
  /** The console did not answer: it is asked again. */
  | { kind: 'unreached' }
  | { kind: 'stale'; theirs: Fact }
  | { kind: 'take-theirs' }
  | { kind: 'keep-mine' }
  /** The console's own state, as it arrives again and again. */
  | { kind: 'renewed'; fact: Fact }

/** Importer numbers come back masked: what is typed never starts from what is shown. */
export const secretField = 'importerNumbers'

export function answerOf({ field, state, value }: Fact): Answer {
  return { state, value: field === secretField ? '' : value }
}

export function openEditor(fact: Fact): Editor {
  return { base: fact, answer: answerOf(fact), status: { kind: 'kept' } }
}

/** "Kept" is only said of what the console answered with its revision. */
export function edit(editor: Editor, change: Change): Editor {
  switch (change.kind) {
    case 'typed':
      return typed(editor, change.answer)
    case 'asked':
      return { ...editor, status: { kind: 'saving', asked: editor.answer } }
    case 'saved':
      return saved(editor, change.fact)
    case 'refused':
      return { ...editor, status: { kind: 'refused', says: change.says } }
    case 'unreached':
      return { ...editor, status: { kind: 'typed' } }
    case 'stale':
      return { ...editor, status: { kind: 'conflict', theirs: change.theirs } }
    case 'take-theirs':
      return editor.status.kind === 'conflict' ? openEditor(editor.status.theirs) : editor
    case 'keep-mine':
      return editor.status.kind === 'conflict'
        ? { ...editor, base: editor.status.theirs, status: { kind: 'typed' } }
        : editor
    case 'renewed':
      return renewed(editor, change.fact)
  }
}

function typed({ base, status }: Editor, answer: Answer): Editor {
  // While it is being kept, the newer text waits for the answer.
  if (status.kind === 'saving' || status.kind === 'conflict') return { base, answer, status }
  return { base, answer, status: { kind: isSame(answer, answerOf(base)) ? 'kept' : 'typed' } }
}

function saved(editor: Editor, fact: Fact): Editor {
  const { status, answer } = editor
  const isLast = status.kind === 'saving' && isSame(status.asked, answer)
  return isLast ? openEditor(fact) : { base: fact, answer, status: { kind: 'typed' } }
}

function renewed(editor: Editor, fact: Fact): Editor {
  const { base, status } = editor
  // What arrives while saving may be our own change on its way back; an older one says nothing new.
  if (fact.rev <= base.rev || status.kind === 'saving') return editor
  return status.kind === 'kept' ? openEditor(fact) : { ...editor, status: { kind: 'conflict', theirs: fact } }
}

export function isSame(a: Answer, b: Answer): boolean {
  return a.state === b.state && a.value === b.value
}

/** Something stands in the form that the console does not hold. */
export function isUnsaved({ base, answer, status }: Editor): boolean {
  const isNothing = base.state === 'unanswered' && answer.value.trim() === '' && answer.state === 'answered'
  return status.kind !== 'kept' && !isNothing
}
