import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { ModalDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { ProblemNote } from './problem-note.tsx'

interface Props {
  title: string
  /** What the button says: `Revoke`. */
  verb: string
  /** Title of a failure: `Not revoked`. */
  failed: string
  /** Has to be typed, where the act cannot be undone. */
  word?: string
  run: () => Promise<unknown>
  onDone: () => void
  onClose: () => void
  /** What the act does, and what it leaves. */
  children: ReactNode
}

/** Says what an act does before it is done. */
export function AskFirst({ title, verb, failed, word, run, onDone, onClose, children }: Props) {
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string>()
  const act = useMutation({
    mutationFn: run,
    onSuccess: () => {
      onDone()
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (word !== undefined && typed.trim() !== word) setError(`Enter ${word}, exactly as it is written.`)
    else if (!act.isPending) act.mutate()
  }
  return (
    <ModalDialog title={title} onClose={onClose}>
      <form className="modal-body stack" noValidate onSubmit={submit}>
        <p>{children}</p>
        {act.error !== null && <ProblemNote title={failed} error={act.error} />}
        {word !== undefined && (
          <TextField
            label={`Type ${word} to go on`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            error={error}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        )}
        <div className="actions">
          <Button kind="danger" type="submit">
            {verb}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </ModalDialog>
  )
}
