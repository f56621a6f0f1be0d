import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CreatedToken, NewToken } from '@tidewaiter/protocol/api'
import { type FormEvent, useState } from 'react'
import { createToken } from '../../api/hosts.ts'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { Button } from '../../ui/button.tsx'
import { describe, FieldError } from '../../ui/field.tsx'

const mostUses = 10_000
const ends = [
  { value: '1h', text: '1 hour' },
  { value: '8h', text: '8 hours' },
  { value: '24h', text: '24 hours' },
  { value: '7d', text: '7 days' },
  { value: '30d', text: '30 days' },
]

/** How many computers; undefined for text that is no number the console takes. */
export function usesOf(text: string): number | undefined {
  const uses = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return uses >= 1 && uses <= mostUses ? uses : undefined
}

interface Props {
  /** Whether a token of this page is already at hand; then copying it comes first. */
  hasOne: boolean
  onMade: (token: CreatedToken, label: string) => void
}

/** What a token is for, how many computers may use it, and until when. */
export function TokenForm({ hasOne, onMade }: Props) {
  const queries = useQueryClient()
  const held = useHeld('administer')
  const [draft, setDraft] = useState({ label: '', uses: '1', expires: '24h' })
  const [error, setError] = useState<string>()
  const make = useMutation({
    mutationFn: (body: NewToken) => createToken(body),
    onSuccess: (token, { label = '' }) => {
      onMade(token, label)
      void queries.invalidateQueries({ queryKey: ['tokens'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const uses = usesOf(draft.uses)
    setError(uses === undefined ? 'Enter a number from 1 to 10,000.' : undefined)
    if (uses !== undefined && held === undefined && !make.isPending)
      make.mutate({ label: draft.label.trim(), uses, expires: draft.expires })
  }
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  return (
    <form className="ruled enrol-form" aria-label="New token" noValidate onSubmit={submit}>
      <div>
        <h2>1 Computer</h2>
        <p>Linux</p>
        <p className="meta">This version has no agent for Windows and macOS.</p>
      </div>
      <div>
        <h2>2 Token</h2>
        <div className="inline-fields">
          <label>
            Label
            <input
              className="in-text"
              value={draft.label}
              maxLength={100}
              placeholder="Norfolk office"
              autoComplete="off"
              onChange={(event) => change({ label: event.target.value })}
            />
          </label>
          <label>
            Computers
            <input
              className="in-text five"
              value={draft.uses}
              inputMode="numeric"
              autoComplete="off"
              {...describe('uses', { error })}
              onChange={(event) => change({ uses: event.target.value })}
            />
          </label>
          <label>
            Ends after
            <select value={draft.expires} onChange={(event) => change({ expires: event.target.value })}>
              {ends.map(({ value, text }) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <Button
            {...(!hasOne && { kind: 'primary' as const })}
            type="submit"
            blocked={held ?? (make.isPending ? 'it is being made' : undefined)}
          >
            {hasOne ? 'Make another token' : 'Make token'}
          </Button>
        </div>
        {error !== undefined && (
          <div className="err">
            <FieldError id="uses" error={error} />
          </div>
        )}
        {make.error !== null && <ProblemNote title="No token made" error={make.error} />}
      </div>
    </form>
  )
}
