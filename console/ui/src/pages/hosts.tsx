import { useQuery } from '@tanstack/react-query'
import type { Host, HostPage } from '@tidewaiter/protocol/api'
import { hostsQuery } from '../api/hosts.ts'
import { Page } from '../components/page.tsx'
import { RefusalsPanel } from '../components/refusals-panel.tsx'
import { Skeleton, Stateful } from '../components/stateful.tsx'
import { links } from '../links.ts'
import { DataTable } from '../ui/data-table.tsx'
import { Link } from '../ui/link.tsx'
import { count } from '../ui/numbers.ts'
import { useZone } from '../ui/preferences.ts'
import { useUrlQuery } from '../ui/url.ts'
import { columnsIn } from './hosts/columns.tsx'
import { emptyOf, Filters } from './hosts/filters.tsx'

/** Which hosts report, which do not, and why. */
export function HostsPage() {
  const query = useQuery(hostsQuery)
  const address = useUrlQuery()
  const status = address.get('status') ?? ''
  const name = address.get('name') ?? ''
  const zone = useZone()
  const all = query.data?.rows ?? []
  const shown = all.filter((host) => (status === '' || host.status === status) && hasName(host, name))
  return (
    <Page
      title="Hosts"
      sub={query.data && <Sub page={query.data} shown={shown.length} />}
      actions={
        <Link className="btn primary" to={links.enrol}>
          Add hosts
        </Link>
      }
    >
      <Filters all={all} status={status} name={name} />
      <div className="stack">
        <Stateful
          query={query}
          noun="hosts"
          skeleton={<Skeleton rows={10} />}
          empty={() => emptyOf({ all, shown, status, name })}
          partial={({ next }) =>
            next === undefined ? undefined : { says: `Only the first ${count(all.length)} hosts are listed.` }
          }
        >
          {() => (
            <DataTable
              label="Hosts"
              columns={columnsIn(zone)}
              rows={shown}
              keyOf={({ id }) => id}
              hrefOf={({ id }) => links.host(id)}
            />
          )}
        </Stateful>
        <RefusalsPanel at="agent-port" />
      </div>
    </Page>
  )
}

function hasName(host: Host, wanted: string): boolean {
  return `${host.name} ${host.os}`.toLowerCase().includes(wanted.toLowerCase())
}

function Sub({ page, shown }: { page: HostPage; shown: number }) {
  const total = `${count(page.total)}${page.totalExact ? '' : ' or more'}`
  return shown === page.rows.length ? `${total} in all` : `${count(shown)} of ${total}`
}
