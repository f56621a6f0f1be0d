import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { BrokerSettings } from '@tidewaiter/protocol/api'
import { type FormEvent, useState } from 'react'
import { brokerQuery, setBroker } from '../../api/broker.ts'
import { BrokerFields, ZoneField } from '../../components/broker-fields.tsx'
import { brokerProblems } from '../../components/broker-problems.ts'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { Skeleton, Stateful } from '../../components/stateful.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary, type FieldProblem } from '../../ui/error-summary.tsx'
import { say } from '../../ui/toast.tsx'

/** Whose console this is: what letters and packages say from now on, and where business days are counted. */
export function BrokerSection() {
  const query = useQuery(brokerQuery)
  return (
    <Stateful query={query} noun="the broker" skeleton={<Skeleton rows={6} />}>
      {(broker) => <BrokerForm key={JSON.stringify(broker)} broker={broker} />}
    </Stateful>
  )
}

const members = { brokerName: 'name', filerCode: 'filerCode', zone: 'zone' } as const

function BrokerForm({ broker }: { broker: BrokerSettings }) {
  const queries = useQueryClient()
  const held = useHeld('administer')
  const [draft, setDraft] = useState(broker)
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const save = useMutation({
    mutationFn: setBroker,
    onSuccess: (saved) => {
      queries.setQueryData(brokerQuery.queryKey, saved)
      say('The broker is saved.')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = brokerProblems(draft)
    setProblems(found)
    if (found.length === 0 && held === undefined && !save.isPending) save.mutate(draft)
  }
  const field = (id: keyof typeof members, change: (text: string) => string = (text) => text) => ({
    id,
    value: draft[members[id]],
    error: problems.find((problem) => problem.id === id)?.text,
    onChange: (event: { target: { value: string } }) =>
      setDraft({ ...draft, [members[id]]: change(event.target.value) }),
  })
  return (
    <form className="form narrow-form" aria-label="Broker" noValidate onSubmit={submit}>
      <ErrorSummary problems={problems} until="before the broker can be saved" />
      {save.error !== null && <ProblemNote title="Not saved" error={save.error} />}
      <section aria-labelledby="s-broker">
        <h2 id="s-broker">The broker</h2>
        <p className="hint">
          Stands in letters and packages that are built from now on. Each change is in the audit log.
        </p>
        <BrokerFields field={field} />
        <ZoneField field={field} hint="Business days are counted in it. Screens show UTC unless you switch." />
      </section>
      <div className="actions">
        <Button kind="primary" type="submit" blocked={held ?? (save.isPending ? 'it is being saved' : undefined)}>
          Save
        </Button>
      </div>
    </form>
  )
}
