import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { openIncident } from '../../api/incidents.ts'
import { chooseIncident } from '../../components/current-incident.ts'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { links } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useEscape } from '../../ui/keys.ts'
import { useGo } from '../../ui/link.tsx'

/** A name is enough to open an incident; the facts come next. */
export function OpenForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [error, setError] = useState<string>()
  const form = useRef<HTMLFormElement>(null)
  const go = useGo()
  const queries = useQueryClient()
  const held = useHeld('report')
  const open = useMutation({
    mutationFn: openIncident,
    onSuccess: ({ id }) => {
      chooseIncident(id)
      for (const key of ['incidents', 'overview']) void queries.invalidateQueries({ queryKey: [key] })
      go(links.incident(id, 'facts'))
    },
  })
  useEscape(true, onClose)
  const focus = () => form.current?.querySelector('input')?.focus()
  useEffect(focus, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') {
      setError('Enter a name, for example Ransom note on WS11.')
      focus()
    } else if (!open.isPending) open.mutate(name.trim())
  }
  return (
    <form className="form narrow-form above" aria-label="Open an incident" noValidate onSubmit={submit} ref={form}>
      {open.error !== null && <ProblemNote title="Not opened" error={open.error} />}
      <TextField
        label="Name of the incident"
        hint="What happened and where, in a few words. It stands on the letter to CBP."
        value={name}
        maxLength={200}
        error={error}
        onChange={(event) => setName(event.target.value)}
      />
      <div className="actions">
        <Button kind="primary" type="submit" blocked={held ?? (open.isPending ? 'it is being opened' : undefined)}>
          Open incident
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  )
}
