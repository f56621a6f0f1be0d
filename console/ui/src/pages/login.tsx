import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { isCode } from '../api/client.ts'
import { signIn } from '../api/people.ts'
import { Bare } from '../components/bare.tsx'
import { Page } from '../components/page.tsx'
import { ProblemNote, wordsOf } from '../components/problem-note.tsx'
import { backTo, links } from '../links.ts'
import { Button } from '../ui/button.tsx'
import { PasswordField, TextField } from '../ui/field.tsx'
import { Link, useGo } from '../ui/link.tsx'
import { useUrlQuery } from '../ui/url.ts'

/** E-mail and password; pasting and password managers work. */
export function LoginPage() {
  const go = useGo()
  const back = backTo(useUrlQuery().get('back'))
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = useMutation({ mutationFn: signIn, onSuccess: () => go(back, 'replace') })
  const isWrong = isCode(enter.error, 'sign-in-wrong')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!enter.isPending) enter.mutate({ email, password })
  }
  return (
    <Bare>
      <Page title="Sign in">
        <form className="form close" aria-label="Sign in" onSubmit={submit}>
          {enter.error !== null && !isWrong && <ProblemNote title="Not signed in" error={enter.error} />}
          <TextField
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <PasswordField
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            error={isWrong && enter.error !== null ? wordsOf(enter.error).detail : undefined}
          />
          <div className="actions">
            <Button kind="primary" type="submit" {...(enter.isPending && { blocked: 'signing in' })}>
              Sign in
            </Button>
          </div>
        </form>
        <div className="below">
          <p>
            <Link to={links.verify}>Verify a package</Link> <span className="muted">without an account</span>
          </p>
          <p className="muted">Locked out? An admin of this console can give you a new password.</p>
        </div>
      </Page>
    </Bare>
  )
}
