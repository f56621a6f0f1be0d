import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { clockFields, isKeptOnPurpose, lengthProblem } from './check.ts'
import { idOf } from './field-report.ts'
import type { FactEditing } from './use-fact.ts'

interface Props {
  editing: FactEditing
  onSave: () => void
  /** What is typed cannot be kept: it is named. */
  onWrong: () => void
}

/** A button for what is not kept by the way; where an earlier time changes, with the reason. */
export function SaveOnPurpose({ editing, onSave, onWrong }: Props) {
  const { base, status, checked, blocked, save } = editing
  const [reason, setReason] = useState('')
  const [error, setError] = useState<string>()
  const isDue = isKeptOnPurpose(base.field) && (status.kind === 'typed' || status.kind === 'refused')
  if (!isDue || checked.kind === 'incomplete') return null
  const runsClock = clockFields.has(base.field)
  const reasonId = `${idOf(base.field)}-reason`
  const needsReason = runsClock && base.state !== 'unanswered'
  const keep = () => {
    if (checked.kind === 'problem') return onWrong()
    const wrong = needsReason ? reasonProblem(reason.trim()) : undefined
    setError(wrong)
    if (wrong !== undefined) return document.getElementById(reasonId)?.focus()
    save(needsReason ? reason.trim() : undefined)
    onSave()
  }
  return (
    <>
      {needsReason && (
        <TextField
          id={reasonId}
          label="Why does it change?"
          value={reason}
          error={error}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      <div className="actions">
        <Button blocked={blocked} onClick={keep}>
          Save<span className="vh"> {base.label.toLowerCase()}</span>
        </Button>
        <span className="meta">
          {runsClock
            ? 'A legal clock follows from it, so it is saved on purpose.'
            : 'It replaces the whole list, so it is saved on purpose.'}
        </span>
      </div>
    </>
  )
}

function reasonProblem(reason: string): string | undefined {
  if (reason === '') return 'Say why it changes. The earlier time is kept beside it.'
  return lengthProblem(reason, 'reason')
}
