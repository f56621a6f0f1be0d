import { useQuery } from '@tanstack/react-query'
import { live } from '../../api/live.ts'
import { meQuery, signOut } from '../../api/people.ts'
import { links } from '../../links.ts'
import { useGo } from '../../ui/link.tsx'
import { MenuButton } from '../../ui/menu.tsx'
import { localZone, preferences, usePreferences } from '../../ui/preferences.ts'
import { Icon } from '../../ui/symbols.tsx'
import { say } from '../../ui/toast.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { chooseIncident, useIncidents } from '../current-incident.ts'
import { roleWords } from '../permission.ts'

/** The incident one works in: what is added goes there. */
export function IncidentMenu() {
  const { open, current } = useIncidents()
  const go = useGo()
  if (current === undefined) return null
  const entries = open.map((incident) => ({
    id: incident.id,
    text: `${incident.id} ${incident.name}`,
    label: (
      <span>
        {incident.id} <Verbatim text={incident.name} />
      </span>
    ),
    chosen: incident.id === current.id,
    run: () => chooseIncident(incident.id),
  }))
  const show = {
    id: 'show',
    text: 'Open it',
    label: `Open ${current.id}`,
    run: () => go(links.incident(current.id)),
  }
  return (
    <MenuButton
      name="Incident"
      label={
        <>
          <span className="muted">Incident</span> {current.id} <Icon name="down" />
        </>
      }
      entries={[...entries, show]}
    />
  )
}

export function toggleZone(): void {
  preferences.change({ zone: preferences.get().zone === 'utc' ? 'local' : 'utc' })
}

/** One zone for every time on the screen. */
export function ZoneMenu() {
  const { zone } = usePreferences()
  return (
    <MenuButton
      name="Time zone"
      label={
        <>
          {zone === 'utc' ? 'UTC' : localZone}
          <span className="vh">, change time zone</span> <Icon name="down" />
        </>
      }
      entries={[
        {
          id: 'utc',
          text: 'UTC',
          label: 'UTC',
          chosen: zone === 'utc',
          run: () => preferences.change({ zone: 'utc' }),
        },
        {
          id: 'local',
          text: localZone,
          label: `This computer’s zone, ${localZone}`,
          chosen: zone === 'local',
          run: () => preferences.change({ zone: 'local' }),
        },
      ]}
    />
  )
}

export function UserMenu() {
  const go = useGo()
  const me = useQuery(meQuery).data
  if (me === undefined) return null
  const leave = async () => {
    live.stop()
    await signOut().catch(() => say('Not signed out: the console does not answer.'))
    go(links.login())
  }
  return (
    <MenuButton
      name="You"
      label={
        <>
          <span className="short-name">
            <Verbatim text={me.name} />
          </span>{' '}
          <Icon name="down" />
        </>
      }
      entries={[
        {
          id: 'profile',
          text: 'Profile',
          label: `Profile (${roleWords[me.role]})`,
          run: () => go(links.settings()),
        },
        { id: 'leave', text: 'Sign out', label: 'Sign out', run: () => void leave() },
      ]}
    />
  )
}
