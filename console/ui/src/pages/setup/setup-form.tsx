import { useMutation } from '@tanstack/react-query'
import type { Setup, SetupDone } from '@tidewaiter/protocol/api'
import { type FormEvent, useEffect, useState } from 'react'
import { isCode } from '../../api/client.ts'
import { setUp } from '../../api/people.ts'
import { BrokerFields, ZoneField } from '../../components/broker-fields.tsx'
import { ProblemNote } from '../../components/problem-note.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary, type FieldProblem } from '../../ui/error-summary.tsx'
import { PasswordField, TextField } from '../../ui/field.tsx'
import { localZone } from '../../ui/preferences.ts'
import { strengthOf } from '../../ui/strength.ts'
import { codeOf, problemsOf, type SetupDraft } from './setup-draft.ts'

/** Said at its field, like everything else that has to be fixed there. */
const wrongCode = 'setup-code-wrong'

const start = (): SetupDraft => ({
  // The printed link carries it behind `#`.
  code: codeOf(window.location.hash.slice(1)),
  brokerName: '',
  filerCode: '',
  name: '',
  email: '',
  password: '',
  zone: localZone,
})

interface Props {
  onDone: (done: SetupDone, broker: string) => void
}

/** Everything the console needs to be told once. */
export function SetupForm({ onDone }: Props) {
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  // The code works once, so it is taken out of the address and the history.
  useEffect(() => window.history.replaceState(window.history.state, '', window.location.pathname), [])
  const create = useMutation({
    mutationFn: (body: Setup) => setUp(body),
    onSuccess: (done) => onDone(done, draft.brokerName),
    onError: (error) => {
      if (isCode(error, wrongCode)) setProblems([{ id: 'code', text: error.problem.detail }])
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = problemsOf(draft)
    setProblems(found)
    if (found.length > 0 || create.isPending) return
    const { code, brokerName, filerCode, name, email, password, zone } = draft
    create.mutate({ code: codeOf(code), broker: { name: brokerName.trim(), filerCode }, name, email, password, zone })
  }
  const field = (id: keyof SetupDraft, change: (text: string) => string = (text) => text) => ({
    id,
    value: draft[id],
    error: problems.find((problem) => problem.id === id)?.text,
    onChange: (event: { target: { value: string } }) => setDraft({ ...draft, [id]: change(event.target.value) }),
  })
  return (
    <form className="form" aria-label="Set up" noValidate onSubmit={submit}>
      <ErrorSummary problems={problems} until="before the console can be created" />
      {create.error !== null && !isCode(create.error, wrongCode) && (
        <ProblemNote title="Not created" error={create.error} />
      )}
      <section aria-labelledby="s-code">
        <h2 id="s-code">Code from the terminal</h2>
        <TextField
          label="Set-up code"
          hint="Printed where the console was started, for example K7QF-2M9D. Valid for 15 minutes."
          className="code"
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          {...field('code', (text) => text.toUpperCase())}
        />
      </section>
      <section aria-labelledby="s-broker">
        <h2 id="s-broker">The broker</h2>
        <BrokerFields field={field} />
      </section>
      <section aria-labelledby="s-you">
        <h2 id="s-you">You, the first admin</h2>
        <TextField label="Your name" autoComplete="name" maxLength={200} {...field('name')} />
        <TextField label="E-mail" type="email" autoComplete="username" maxLength={320} {...field('email')} />
        <PasswordField
          label="Password"
          hint={<span aria-live="polite">{strengthOf(draft.password, draft.email).words}</span>}
          autoComplete="new-password"
          {...field('password')}
        />
        <ZoneField field={field} hint="Found on this computer. Screens show UTC unless you switch." />
      </section>
      <div className="actions">
        <Button kind="primary" type="submit" blocked={create.isPending ? 'it is being created' : undefined}>
          Create console
        </Button>
      </div>
    </form>
  )
}
