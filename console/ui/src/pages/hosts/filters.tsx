import type { Host, HostStatus } from '@tidewaiter/protocol/api'
import type { EmptyState } from '../../components/empty.tsx'
import { statuses, statusWord } from '../../components/host-status.tsx'
import { links } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Link, useGo } from '../../ui/link.tsx'
import { count, plural } from '../../ui/numbers.ts'

/** One state, and a part of the name; both in the address. */
export function Filters({ all, status, name }: { all: readonly Host[]; status: string; name: string }) {
  const go = useGo()
  const having = (wanted: HostStatus) => all.filter((host) => host.status === wanted).length
  const known = statuses.filter((one) => having(one) > 0 || one === status)
  return (
    <div className="filters">
      <fieldset className="actions">
        <legend className="vh">State</legend>
        <Button small aria-pressed={status === ''} onClick={() => go(links.hosts({ name }))}>
          All {count(all.length)}
        </Button>
        {known.map((one) => (
          <Button small key={one} aria-pressed={status === one} onClick={() => go(links.hosts({ status: one, name }))}>
            {statusWord(one)} {count(having(one))}
          </Button>
        ))}
      </fieldset>
      <TextField
        label="Name or system"
        value={name}
        onChange={(event) => go(links.hosts({ status, name: event.target.value }), 'replace')}
      />
    </div>
  )
}

interface Shown {
  all: readonly Host[]
  shown: readonly Host[]
  status: string
  name: string
}

/** Why the list is empty; undefined when it is not. */
export function emptyOf({ all, shown, status, name }: Shown): EmptyState | undefined {
  if (shown.length > 0) return undefined
  if (all.length === 0)
    return {
      kind: 'nothing-yet',
      title: 'No hosts yet',
      says: 'Add the first one; it takes about a minute. This page shows it the moment it arrives.',
      actions: (
        <Link className="btn" to={links.enrol}>
          Add hosts
        </Link>
      ),
    }
  const withoutName = all.filter((host) => status === '' || host.status === status).length
  return {
    kind: 'no-match',
    title: 'No host matches',
    says:
      name === ''
        ? `None of ${plural(all.length, 'host')} has this state.`
        : `Without the name there are ${count(withoutName)}.`,
    actions: (
      <Link className="btn" to={links.hosts()}>
        Show all {count(all.length)}
      </Link>
    ),
  }
}
