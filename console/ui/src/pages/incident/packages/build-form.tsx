import type { IncidentDetail, Tlp } from '@tidewaiter/protocol/api'
import { type FormEvent, useState } from 'react'
import { useBuild } from '../../../components/package/use-build.ts'
import { discloseWords, profileWords, tlpLabels } from '../../../components/package/words.ts'
import { useHeld } from '../../../components/permission.ts'
import { ProblemNote } from '../../../components/problem-note.tsx'
import { links } from '../../../links.ts'
import { Button } from '../../../ui/button.tsx'
import { describe, FieldFrame } from '../../../ui/field.tsx'
import { Link } from '../../../ui/link.tsx'
import { plural } from '../../../ui/numbers.ts'

/** What a new package will be. Profile and disclosure are what this version builds; they are said, not asked. */
export function BuildForm({ incident }: { incident: IncidentDetail }) {
  const [tlp, setTlp] = useState<Tlp>('AMBER')
  const build = useBuild(incident.id)
  const held = useHeld('report')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!build.isPending) build.mutate({ profile: 'soc', disclose: 'records', tlp })
  }
  return (
    <form className="panel" aria-label="Build a package" onSubmit={submit}>
      <header>
        <h2>Build a package</h2>
        <span className="meta">of what is known now</span>
      </header>
      <div className="in stack">
        {build.error !== null && <ProblemNote title="Not started" error={build.error} />}
        <dl className="facts">
          <dt>Profile</dt>
          <dd>
            {profileWords.soc} <span className="meta">The only one this version builds</span>
          </dd>
          <dt>Disclosed</dt>
          <dd>
            {discloseWords.records}{' '}
            <span className="meta">Nothing beside them, and all batch headers around them, so that gaps show</span>
          </dd>
        </dl>
        <FieldFrame
          id="tlp"
          label="TLP"
          hint="How far CBP may pass it on. Indicators that were given to you under a stricter label are left out, and counted."
          error={undefined}
        >
          <select
            {...describe('tlp', { hint: true })}
            id="tlp"
            className="short"
            value={tlp}
            onChange={(event) => setTlp(tlpLabels.find((label) => label === event.target.value) ?? 'AMBER')}
          >
            {tlpLabels.map((label) => (
              <option key={label}>{label}</option>
            ))}
          </select>
        </FieldFrame>
        <div className="actions">
          <Button kind="primary" type="submit" blocked={held ?? (build.isPending ? 'it is being started' : undefined)}>
            Build package
          </Button>
          <Gaps incident={incident} />
        </div>
      </div>
    </form>
  )
}

/** What the package will say is missing. Nothing of it stops the build. */
function Gaps({ incident: { id, factsAnswered, factsTotal, items } }: { incident: IncidentDetail }) {
  const missing = factsTotal - factsAnswered
  if (missing === 0 && items.length > 0) return null
  return (
    <p className="meta">
      You may build it with gaps; they are printed as gaps.{' '}
      {missing > 0 && <Link to={links.incident(id, 'facts')}>{plural(missing, 'fact')} not answered</Link>}
      {missing > 0 && items.length === 0 && ', '}
      {items.length === 0 && <Link to={links.incident(id, 'findings')}>no finding, sighting or record in it</Link>}
    </p>
  )
}
