import type { ImportResult } from '@tidewaiter/protocol/api'
import type { FormEvent } from 'react'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { links } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { Link } from '../../ui/link.tsx'
import { plural } from '../../ui/numbers.ts'
import { useUrlQuery } from '../../ui/url.ts'
import { ImportOutcome } from './import-outcome.tsx'
import { ListFields } from './list-fields.tsx'
import { useImport } from './use-import.ts'

/** Paste or file, looked at without keeping anything, then imported. */
export function ImportTab() {
  const work = useImport({ text: useUrlQuery().get('value') ?? '', source: '', tlp: 'AMBER' })
  const { seen, done } = work
  const held = useHeld('investigate')
  const blocked = held ?? (work.isRunning ? 'the console reads the list' : undefined)
  if (done !== undefined) return <Done result={done} onMore={work.startAnew} />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (seen === undefined) work.check()
    else if (seen.added > 0) work.take()
  }
  return (
    <form className="form narrow-form" aria-label="Import indicators" noValidate onSubmit={submit}>
      <ErrorSummary problems={work.problems} until="before the list can be looked at" />
      {work.error !== null && <ProblemNote title="Not read" error={work.error} />}
      <ListFields draft={work.draft} problems={work.problems} onChange={work.change} onRefuse={work.refuse} />
      {seen !== undefined && <ImportOutcome result={seen} />}
      <div className="actions">
        <Button {...(seen === undefined && { kind: 'primary' as const })} blocked={blocked} onClick={work.check}>
          Check first
        </Button>
        {seen !== undefined && (
          <Button
            kind="primary"
            blocked={blocked ?? (seen.added === 0 ? 'there is nothing new in it' : undefined)}
            onClick={work.take}
          >
            Import {plural(seen.added, 'indicator')}
          </Button>
        )}
      </div>
    </form>
  )
}

function Done({ result, onMore }: { result: ImportResult; onMore: () => void }) {
  return (
    <div className="stack">
      <ImportOutcome result={result} isDone />
      <div className="actions">
        <Link className="btn primary" to={links.indicators('sightings')}>
          Show sightings
        </Link>
        <Link className="btn" to={links.indicators()}>
          Show the list
        </Link>
        <Button onClick={onMore}>Import more</Button>
      </div>
    </div>
  )
}
