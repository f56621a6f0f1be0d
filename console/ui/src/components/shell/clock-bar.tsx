import { links } from '../../links.ts'
import { escapeText } from '../../ui/escape.ts'
import { Link } from '../../ui/link.tsx'
import { useNow } from '../../ui/now.ts'
import { useZone } from '../../ui/preferences.ts'
import { Icon, Shape } from '../../ui/symbols.tsx'
import { weekday } from '../../ui/time.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { usePath } from '../../ui/url.ts'
import { Verbatim } from '../../ui/verbatim.tsx'
import { useIncidents } from '../current-incident.ts'
import { clockShare, clockWords } from './clock.ts'
import { Ruler } from './ruler.tsx'
import { type Clocked, headingClock } from './urgency.ts'

/** The deadline that comes first, on every page; an incident's own pages have its own. Text first; it never blinks. */
export function ClockBar() {
  const { open, current } = useIncidents()
  const path = usePath()
  const now = useNow(60_000)
  const zone = useZone()
  const heading = headingClock(open, { path, current: current?.id })
  if (heading === undefined) return null
  const { clock, id, name } = heading.shown
  const { tone, strong, rest } = clockWords(clock, now)
  const share = clockShare(clock, now)
  return (
    <section className="clock" aria-label="Deadline">
      <span className="left">
        {tone === 'done' ? <Shape name="ok" /> : <Icon name="clock" />}
        <Link className="whose" to={links.incident(id)} title={escapeText(name)}>
          {id}{' '}
          <span className="name">
            <Verbatim text={name} />
          </span>
        </Link>
      </span>
      <span>
        <b className={tone === 'missed' ? 'danger' : undefined}>{strong}</b> {rest}{' '}
        <span className="muted authority">({clock.authority})</span>
      </span>
      {share !== undefined && <Ruler share={share} />}
      {clock.dueAt !== null && clock.stoppedAt === null && (
        <span>
          Due {weekday(clock.dueAt, zone)} <TimeText at={clock.dueAt} precision="minute" />
        </span>
      )}
      {heading.other !== undefined && <Other incident={heading.other} now={now} />}
      <span className="end">
        <Link className="btn small" to={links.incident(id, 'facts')}>
          {tone === 'waits' ? 'Enter the discovery' : 'Open facts'}
        </Link>
      </span>
    </section>
  )
}

/** The next clock that runs besides the one that is shown. */
function Other({ incident: { id, name, clock }, now }: { incident: Clocked; now: number }) {
  const { tone, strong } = clockWords(clock, now)
  return (
    <span>
      <Link to={links.incident(id)} title={escapeText(name)}>
        {id}
      </Link>
      : <span className={tone === 'missed' ? 'danger' : undefined}>{strong}</span>
    </span>
  )
}
