import { useQuery } from '@tanstack/react-query'
import type { Overview } from '@tidewaiter/protocol/api'
import { overviewQuery } from '../../api/overview.ts'
import { Link } from '../../ui/link.tsx'
import { count } from '../../ui/numbers.ts'
import { Icon } from '../../ui/symbols.tsx'
import { usePath } from '../../ui/url.ts'
import { groups, isAt, type Place, settingsPlace } from './places.ts'

/** What stands beside a place: only what somebody has to do something about. */
function noteOf(place: Place, overview: Overview | undefined): string | undefined {
  if (overview === undefined) return undefined
  const { hosts, openFindings, incidents } = overview
  const numbers: Record<string, [number, string]> = {
    Hosts: [hosts.silent, 'silent'],
    Findings: [openFindings, 'new'],
    Incidents: [incidents.filter((incident) => incident.closedAt === null).length, 'open'],
  }
  const [value, word] = numbers[place.name] ?? [0, '']
  return value > 0 ? `${count(value)} ${word}` : undefined
}

export function Rail({ onHelp }: { onHelp: () => void }) {
  const path = usePath()
  const overview = useQuery(overviewQuery).data
  const entry = (place: Place) => {
    const note = noteOf(place, overview)
    return (
      <li key={place.name}>
        <Link to={place.to} {...(isAt(path, place) && { 'aria-current': 'page' as const })} title={place.name}>
          <Icon name={place.icon} />
          <span className="word">{place.name}</span>
          {note !== undefined && <span className="n">{note}</span>}
        </Link>
      </li>
    )
  }
  return (
    <nav className="rail" aria-label="Main">
      {groups.map((group) =>
        group.name === '' ? (
          <ul key="">{group.places.map(entry)}</ul>
        ) : (
          <div key={group.name}>
            <span className="group" id={`rail-${group.name}`}>
              {group.name}
            </span>
            <ul aria-labelledby={`rail-${group.name}`}>{group.places.map(entry)}</ul>
          </div>
        ),
      )}
      <ul className="last">
        {entry(settingsPlace)}
        <li>
          <button type="button" onClick={onHelp} title="Help & keys">
            <Icon name="help" />
            <span className="word">Help & keys</span>
            <span className="n">?</span>
          </button>
        </li>
      </ul>
    </nav>
  )
}
