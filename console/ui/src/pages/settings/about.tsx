import { useQuery } from '@tanstack/react-query'
import type { Host, RowTile } from '@tidewaiter/protocol/api'
import { version } from '../../../package.json'
import { hostsQuery } from '../../api/hosts.ts'
import { overviewQuery } from '../../api/overview.ts'
import { plural } from '../../ui/numbers.ts'
import { Verbatim } from '../../ui/verbatim.tsx'

/** What is missing altogether; what no detector reads for is asked of the console. */
const missing: readonly { what: string; says: string }[] = [
  { what: 'Agents for Windows and macOS', says: 'nothing is seen of such computers' },
  { what: 'Packets, process memory, files on request', says: 'only what the sources of a host hold anyway' },
  { what: 'Suspicious mail, downtime entries, reconnection claims', says: 'keep them outside, and say so to CBP' },
  { what: 'Installers and upgrades from the console', says: 'agents run from a copy of the product' },
  { what: 'Backups by the console', says: 'copy the data folder while it is stopped; export the keys under Keys' },
  { what: 'Second factors at sign-in', says: 'a password alone lets people in' },
]

/** Versions, and what this one does not do: silence here would be taken for a promise. */
export function About() {
  const hosts = useQuery(hostsQuery).data?.rows ?? []
  const rows = useQuery(overviewQuery).data?.rows ?? []
  return (
    <div className="stack sheet">
      <section aria-labelledby="a-versions">
        <h2 id="a-versions">Versions</h2>
        <dl className="facts">
          <dt>Console and screens</dt>
          <dd className="mono">{version}</dd>
          <dt>Agents</dt>
          <dd>
            <Agents hosts={hosts} />
          </dd>
        </dl>
      </section>
      <section aria-labelledby="a-missing">
        <h2 id="a-missing">Not in this version</h2>
        <dl className="facts">
          {missing.map(({ what, says }) => (
            <div key={what} className="pair">
              <dt>{what}</dt>
              <dd>{says}</dd>
            </div>
          ))}
          <NotLooked rows={rows} />
        </dl>
      </section>
    </div>
  )
}

function Agents({ hosts }: { hosts: readonly Host[] }) {
  const byVersion = [...Map.groupBy(hosts, ({ agent }) => agent)]
  if (byVersion.length === 0) return 'No hosts yet'
  return byVersion.map(([agent, own], at) => (
    <span key={agent}>
      {at > 0 && ', '}
      <span className="mono">
        <Verbatim text={agent} />
      </span>{' '}
      on {plural(own.length, 'host')}
    </span>
  ))
}

function NotLooked({ rows }: { rows: readonly RowTile[] }) {
  const blind = rows.filter(({ detector }) => detector === null)
  if (blind.length === 0) return null
  return (
    <div className="pair">
      <dt>
        Detectors for {blind.length} of the {rows.length} rows of CBP’s table
      </dt>
      <dd>
        <ul>
          {blind.map(({ row }) => (
            <li key={row}>{row}</li>
          ))}
        </ul>
      </dd>
    </div>
  )
}
