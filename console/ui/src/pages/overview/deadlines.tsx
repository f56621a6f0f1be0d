import type { IncidentRow } from '@tidewaiter/protocol/api'
import { clockShare, clockWords } from '../../components/shell/clock.ts'
import { Ruler } from '../../components/shell/ruler.tsx'
import { byUrgency } from '../../components/shell/urgency.ts'
import { links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { useNow } from '../../ui/now.ts'
import { Panel } from '../../ui/panel.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

/** The clock of every open incident, the most urgent first, and how far its facts are. */
export function Deadlines({ incidents }: { incidents: readonly IncidentRow[] }) {
  const open = incidents.filter((incident) => incident.closedAt === null)
  if (open.length === 0) return null
  const ordered = [...byUrgency(open), ...open.filter(({ clock }) => clock === null)]
  return (
    <Panel title="Deadlines" meta={open.length === 1 ? '1 open incident' : `${open.length} open incidents`}>
      <ul className="deadlines">
        {ordered.map((incident) => (
          <li key={incident.id}>
            <Deadline incident={incident} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Deadline({ incident }: { incident: IncidentRow }) {
  const { id, name, clock, factsAnswered, factsTotal } = incident
  const now = useNow(60_000)
  const words = clock === null ? undefined : clockWords(clock, now)
  const share = clock === null ? undefined : clockShare(clock, now)
  return (
    <>
      <Link to={links.incident(id)}>
        {id} <Verbatim text={name} />
      </Link>
      <span>
        <b className={words?.tone === 'missed' ? 'danger' : undefined}>{words?.strong ?? 'No clock'}</b> {words?.rest}
      </span>
      {share !== undefined && <Ruler share={share} />}
      {clock?.dueAt != null && clock.stoppedAt === null && (
        <span>
          Due <TimeText at={clock.dueAt} precision="minute" />
        </span>
      )}
      <span className="end actions">
        <span className="meta">
          Facts {factsAnswered} of {factsTotal} answered
        </span>
        <Link className="btn small" to={links.incident(id, 'facts')}>
          Facts<span className="vh"> of {id}</span>
        </Link>
        <Link className="btn small" to={links.incident(id, 'packages')}>
          Packages<span className="vh"> of {id}</span>
        </Link>
      </span>
    </>
  )
}
