import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Person } from '@tidewaiter/protocol/api'
import { type FormEvent, useState } from 'react'
import { disablePerson, setPassword } from '../../api/people.ts'
import { AskFirst } from '../../components/ask-first.tsx'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { Button } from '../../ui/button.tsx'
import { ModalDialog } from '../../ui/dialog.tsx'
import { escapeText } from '../../ui/escape.ts'
import { PasswordField } from '../../ui/field.tsx'
import { strengthOf } from '../../ui/strength.ts'
import { say } from '../../ui/toast.tsx'

/** Out at once: every session of the person ends with it. */
export function EndAccess({ person, isMe }: { person: Person; isMe: boolean }) {
  const [isOpen, setOpen] = useState(false)
  const held = useHeld('administer')
  const queries = useQueryClient()
  const name = escapeText(person.name)
  return (
    <>
      <Button small onClick={() => setOpen(true)} blocked={isMe ? 'nobody can end their own access' : held}>
        End access…<span className="vh"> of {name}</span>
      </Button>
      {isOpen && (
        <AskFirst
          title={`End the access of ${name}`}
          verb="End access"
          failed="Not ended"
          run={() => disablePerson(person.id)}
          onDone={() => {
            void queries.invalidateQueries({ queryKey: ['people'] })
            say(`${name} can no longer sign in.`)
          }}
          onClose={() => setOpen(false)}
        >
          {name} is signed out everywhere and cannot sign in again. What they did stays under their name. A new password
          gives the access back.
        </AskFirst>
      )}
    </>
  )
}

/** For those who are locked out, and for those whose access had been ended. */
export function NewPassword({ person }: { person: Person }) {
  const [isOpen, setOpen] = useState(false)
  const held = useHeld('administer')
  return (
    <>
      <Button small onClick={() => setOpen(true)} blocked={held}>
        New password…<span className="vh"> for {escapeText(person.name)}</span>
      </Button>
      {isOpen && <Ask person={person} onClose={() => setOpen(false)} />}
    </>
  )
}

function Ask({ person, onClose }: { person: Person; onClose: () => void }) {
  const queries = useQueryClient()
  const [password, change] = useState('')
  const [error, setError] = useState<string>()
  const strength = strengthOf(password, person.email)
  const name = escapeText(person.name)
  const give = useMutation({
    mutationFn: () => setPassword(person.id, password),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['people'] })
      say(`${name} has a new password.`)
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setError(strength.fits ? undefined : 'Choose a password of 12 characters or more.')
    if (strength.fits && !give.isPending) give.mutate()
  }
  return (
    <ModalDialog title={`New password for ${name}`} onClose={onClose}>
      <form className="modal-body stack" noValidate onSubmit={submit}>
        <p>It is not sent to anyone: tell it yourself. Wherever {name} is signed in, the session ends.</p>
        {give.error !== null && <ProblemNote title="Not changed" error={give.error} />}
        <PasswordField
          label="New password"
          hint={<span aria-live="polite">{strength.words}</span>}
          autoComplete="new-password"
          value={password}
          onChange={(event) => change(event.target.value)}
          error={error}
        />
        <div className="actions">
          <Button kind="primary" type="submit">
            Set password
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </ModalDialog>
  )
}
