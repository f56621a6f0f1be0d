import type { Finding } from '@tidewaiter/protocol/api'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useKeys } from '../../ui/keys.ts'
import { AddToIncident } from '../add-to-incident.tsx'
import type { Decisions } from './decisions.ts'

/** Confirm, benign with its reason, needs more, add to the incident, take back: buttons and one key each. */
export function DecisionBar({ finding, decisions }: { finding: Finding; decisions: Decisions }) {
  const [isReason, setReason] = useState(false)
  const { make, blocked, undo } = decisions
  const group = 'Deciding'
  useKeys([
    { keys: 'c', label: 'Confirm', group, run: () => make(finding, 'confirmed', '') },
    { keys: 'b', label: 'Benign, with the reason', group, run: () => blocked === undefined && setReason(true) },
    { keys: 'n', label: 'Needs more', group, run: () => make(finding, 'inconclusive', '') },
    { keys: 'u', label: 'Take the last decision back', group, run: () => undo?.() },
  ])
  if (isReason)
    return (
      <Reason
        onCancel={() => setReason(false)}
        onReason={(reason) => {
          setReason(false)
          make(finding, 'benign', reason)
        }}
      />
    )
  return (
    <>
      <Button kind="primary" hint="c" blocked={blocked} onClick={() => make(finding, 'confirmed', '')}>
        Confirm
      </Button>
      <Button hint="b" blocked={blocked} onClick={() => setReason(true)}>
        Benign…
      </Button>
      <Button hint="n" blocked={blocked} onClick={() => make(finding, 'inconclusive', '')}>
        Needs more
      </Button>
      <AddToIncident item={{ kind: 'finding', ref: finding.id }} />
      {undo !== undefined && (
        <Button hint="u" blocked={blocked} onClick={undo}>
          Undo
        </Button>
      )}
    </>
  )
}

/** Why it is harmless: what is written here stands in the package beside the finding. */
function Reason({ onReason, onCancel }: { onReason: (reason: string) => void; onCancel: () => void }) {
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') setError('Say why it is harmless, for example who agreed to it.')
    else onReason(text.trim())
  }
  return (
    <form className="reason" onSubmit={submit} ref={form}>
      <TextField
        label="Why is it benign?"
        value={text}
        maxLength={2000}
        error={error}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="actions">
        <Button kind="primary" type="submit">
          Mark benign
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  )
}
