import type { IncidentDetail } from '@tidewaiter/protocol/api'
import { links } from '../../../links.ts'
import { Link } from '../../../ui/link.tsx'
import { count, plural } from '../../../ui/numbers.ts'

/** The one of CBP's points that nobody types: it follows from what was put into the incident. */
export function KnownIocs({ incident: { id, sightings, findings } }: { incident: IncidentDetail }) {
  const met = new Set(sightings.map(({ indicator }) => indicator.id)).size
  return (
    <>
      <p>
        {plural(met, 'indicator')} met in {plural(sightings.length, 'sighting')}, {count(findings.length)}{' '}
        {findings.length === 1 ? 'finding' : 'findings'} beside them.
      </p>
      <p className="hint">
        They follow from <Link to={links.incident(id, 'findings')}>what is in this incident</Link>. Put more in with
        “Add to …” from <Link to={links.indicators('sightings')}>sightings</Link> and{' '}
        <Link to={links.findings({})}>findings</Link>.
      </p>
    </>
  )
}
