import type { Fact, FactState } from '@tidewaiter/protocol/api'
import { type FocusEvent, useEffect, useRef, useState } from 'react'
import { FieldError } from '../../../ui/field.tsx'
import { Conflict } from './conflict.tsx'
import { EarlierAnswers } from './earlier-answers.tsx'
import { type Answer, isUnsaved } from './editor.ts'
import { FactControl } from './fact-control.tsx'
import { type FieldReport, type FieldTrouble, firstControlOf, idOf } from './field-report.ts'
import { Kept } from './kept-line.tsx'
import { SaveOnPurpose } from './save-on-purpose.tsx'
import { type FactEditing, useFact } from './use-fact.ts'

interface Props {
  incident: string
  fact: Fact
  onReport: (field: string, report: FieldReport) => void
}

const states: readonly { state: FactState; text: string }[] = [
  { state: 'answered', text: 'Known' },
  { state: 'not-known-yet', text: 'Not known yet' },
  { state: 'does-not-apply', text: 'Does not apply' },
]

/** One of the facts CBP asks for: a value, not known yet, or does not apply. */
export function FactField({ incident, fact, onReport }: Props) {
  const editing = useFact(incident, fact)
  const { answer, status } = editing
  const id = idOf(fact.field)
  const { says, control, setTyping, setLeft } = useTrouble(editing, fact)
  const unsaved = isUnsaved(editing)
  useEffect(() => {
    const trouble = says === undefined ? undefined : { says, control }
    onReport(fact.field, { status: status.kind, isUnsaved: unsaved, trouble })
  }, [fact.field, status.kind, unsaved, says, control, onReport])
  const leave = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setLeft(true)
  }
  // What was pressed goes away: the focus goes on in the field.
  const goTo = () => requestAnimationFrame(() => document.getElementById(control)?.focus())
  const choose = useStateChoice(editing, () => setTyping(undefined))
  return (
    <fieldset className={says === undefined ? 'fact' : 'fact err'} aria-describedby={`${id}-hint`} onBlur={leave}>
      <legend>{fact.label}</legend>
      <p className="hint" id={`${id}-hint`}>
        {fact.help}
      </p>
      <div className="choice">
        {states.map(({ state, text }) => (
          <label key={state}>
            <input
              type="radio"
              id={`${id}-${state}`}
              name={id}
              checked={answer.state === state}
              onChange={() => choose(state)}
            />{' '}
            {text}
          </label>
        ))}
      </div>
      <FieldError id={id} error={says} />
      {isOpen(answer) && (
        <FactControl
          incident={incident}
          editing={editing}
          fact={fact}
          isWrong={says !== undefined}
          onTrouble={setTyping}
        />
      )}
      {status.kind === 'conflict' ? (
        <Conflict editing={editing} onChosen={goTo} />
      ) : (
        <SaveOnPurpose
          key={editing.base.rev}
          editing={editing}
          onSave={goTo}
          onWrong={() => {
            setLeft(true)
            goTo()
          }}
        />
      )}
      <Kept editing={editing} />
      <EarlierAnswers fact={editing.base} />
    </fieldset>
  )
}

function isOpen({ state }: Answer): boolean {
  return state === 'answered' || state === 'unanswered'
}

/** What is wrong in the field. Nobody is corrected in the middle of a word: it is said once the field is left. */
function useTrouble({ answer, status, checked }: FactEditing, fact: Fact) {
  const [typing, setTyping] = useState<FieldTrouble>()
  const [isLeft, setLeft] = useState(false)
  const refused = status.kind === 'refused' ? status.says : undefined
  const says = refused ?? typing?.says ?? (isLeft && checked.kind === 'problem' ? checked.says : undefined)
  const control = typing?.control ?? (isOpen(answer) ? firstControlOf(fact) : `${idOf(fact.field)}-${answer.state}`)
  return { says, control, setTyping, setLeft }
}

/** Chooses a state. A value that was typed comes back when "known" is chosen again. */
function useStateChoice({ answer, type }: FactEditing, onChoose: () => void) {
  const before = useRef('')
  return (state: FactState) => {
    onChoose()
    if (answer.value !== '') before.current = answer.value
    type({ state, value: state === 'answered' ? before.current : '' })
  }
}
