import { useQuery } from '@tanstack/react-query'
import type { IncidentDetail, PackageRow } from '@tidewaiter/protocol/api'
import { packageQuery } from '../../api/incidents.ts'
import { Empty } from '../../components/empty.tsx'
import { BuildProgress, buildPauseMs } from '../../components/package/build-progress.tsx'
import { packageStateText, profileWords } from '../../components/package/words.ts'
import { links } from '../../links.ts'
import { HashText } from '../../ui/hash-text.tsx'
import { Link } from '../../ui/link.tsx'
import { bytesText, count } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { BuildForm } from './packages/build-form.tsx'

/** Packages of the incident, and what a new one would be. */
export function PackagesTab({ incident }: { incident: IncidentDetail }) {
  const { packages } = incident
  return (
    <div className="stack">
      <BuildForm incident={incident} />
      {packages
        .filter(({ state }) => state === 'building')
        .map((row) => (
          <Running key={row.id} row={row} />
        ))}
      {packages.length === 0 ? (
        <Empty
          state={{
            kind: 'nothing-yet',
            title: 'No package yet',
            says: 'A package holds the letter, the facts, the indicators and the records that show it, signed. CBP verifies it without this console.',
          }}
        />
      ) : (
        <PackageList rows={packages} />
      )}
    </div>
  )
}

/** A build asked how far it is; when it has ended, the topic of the incident renews the list. */
function Running({ row }: { row: PackageRow }) {
  const { data = row } = useQuery({ ...packageQuery(row.id), refetchInterval: buildPauseMs })
  return data.state === 'building' ? <BuildProgress row={data} /> : null
}

function PackageList({ rows }: { rows: readonly PackageRow[] }) {
  return (
    <Panel title="Packages" meta={`${count(rows.length)}, newest first`}>
      <Scroll label="Packages">
        <table className="items packages">
          <thead>
            <tr>
              <th scope="col">Package</th>
              <th scope="col">State</th>
              <th scope="col">Profile</th>
              <th scope="col">TLP</th>
              <th scope="col">Built</th>
              <th scope="col" className="num">
                Size
              </th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} rows={rows} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  )
}

function Row({ row, rows }: { row: PackageRow; rows: readonly PackageRow[] }) {
  const { id, incident, number, problem, profile, tlp, builtAt, builtBy, bytes, sha256 } = row
  return (
    <tr>
      <th scope="row">
        <Link to={links.package(incident, id)}>P-{number}</Link>
      </th>
      <td className="cause">
        {packageStateText(row, rows)}
        {problem !== undefined && <span className="meta">{problem}</span>}
      </td>
      <td>{profileWords[profile]}</td>
      <td>{tlp}</td>
      <td>
        {builtAt !== null && <TimeText at={builtAt} precision="second" />}
        <span className="meta">
          <Verbatim text={builtBy} />
        </span>
      </td>
      <td className="num mono">{bytes === null ? '–' : bytesText(bytes)}</td>
      <td>{sha256 === null ? '–' : <HashText hex={sha256} />}</td>
    </tr>
  )
}
