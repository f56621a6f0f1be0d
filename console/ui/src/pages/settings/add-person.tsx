import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Role } from '@tidewaiter/protocol/api'
import { type FormEvent, useState } from 'react'
import { addPerson } from '../../api/people.ts'
import { roleWords, useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary, type FieldProblem } from '../../ui/error-summary.tsx'
import { Choice, PasswordField, TextField } from '../../ui/field.tsx'
import { strengthOf } from '../../ui/strength.ts'
import { say } from '../../ui/toast.tsx'
import { emptyDraft, type PersonDraft, problemsOf } from './person-draft.ts'

/** What each role may do, in the order of how much. */
const roles: readonly { role: Role; may: string }[] = [
  { role: 'analyst', may: 'decides findings, searches, imports indicators, works on incidents' },
  { role: 'submitter', may: 'works on incidents and their packages' },
  { role: 'auditor', may: 'reads everything, changes nothing' },
  { role: 'admin', may: 'all of it, and hosts, people and keys' },
]

/** Lets one more person in. The console sends no mail: whoever adds them tells them the password. */
export function AddPerson() {
  const queries = useQueryClient()
  const held = useHeld('administer')
  const [draft, setDraft] = useState(emptyDraft)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const add = useMutation({
    mutationFn: addPerson,
    onSuccess: ({ email, role }) => {
      void queries.invalidateQueries({ queryKey: ['people'] })
      say(`${email} may sign in as ${roleWords[role]}.`)
      setDraft(emptyDraft)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = problemsOf(draft)
    setProblems(found)
    const { name, email, role, password } = draft
    if (found.length === 0 && held === undefined && !add.isPending)
      add.mutate({ name: name.trim(), email: email.trim(), role, password })
  }
  const field = (id: 'name' | 'email' | 'password') => ({
    id: `person-${id}`,
    value: draft[id],
    error: problems.find((problem) => problem.id === `person-${id}`)?.text,
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [id]: event.target.value }),
  })
  return (
    <form className="form narrow-form" aria-label="Add a person" noValidate onSubmit={submit}>
      <ErrorSummary problems={problems} until="before the person can be added" />
      {add.error !== null && <ProblemNote title="Not added" error={add.error} />}
      <section aria-labelledby="s-add">
        <h2 id="s-add">Add a person</h2>
        <TextField label="Name" autoComplete="off" maxLength={200} {...field('name')} />
        <TextField label="E-mail" type="email" autoComplete="off" maxLength={320} {...field('email')} />
        <Choice
          legend="Role"
          isList
          name="role"
          value={draft.role}
          onChange={(role: PersonDraft['role']) => setDraft({ ...draft, role })}
          options={roles.map(({ role, may }) => ({
            value: role,
            label: (
              <span>
                <b>{roleWords[role]}</b> <span className="muted">{may}</span>
              </span>
            ),
          }))}
        />
        <PasswordField
          label="First password"
          hint={
            <>
              It is not sent to anyone: tell it yourself.{' '}
              <span aria-live="polite">{strengthOf(draft.password, draft.email).words}</span>
            </>
          }
          autoComplete="new-password"
          {...field('password')}
        />
      </section>
      <div className="actions">
        <Button kind="primary" type="submit" blocked={held ?? (add.isPending ? 'it is being added' : undefined)}>
          Add person
        </Button>
      </div>
    </form>
  )
}
