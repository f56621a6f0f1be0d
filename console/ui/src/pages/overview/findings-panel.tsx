import type { Overview } from '@tidewaiter/protocol/api'
import { Empty, type EmptyState } from '../../components/empty.tsx'
import { HostName } from '../../components/host-name.tsx'
import { SeverityChip } from '../../components/severity.tsx'
import { links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { count, plural } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

const mostRows = 8

export function FindingsPanel({ overview }: { overview: Overview }) {
  const { findings, openFindings } = overview
  return (
    <Panel
      title="New findings"
      meta={openFindings === 0 ? 'none' : `${count(openFindings)}, worst first`}
      end={<Link to={links.findings({ verdicts: [] })}>All findings</Link>}
    >
      {findings.length === 0 ? (
        <Empty state={emptyOf(overview)} />
      ) : (
        <Scroll label="New findings">
          <table>
            <thead className="vh">
              <tr>
                <th scope="col">Severity</th>
                <th scope="col">Finding</th>
                <th scope="col">Host</th>
              </tr>
            </thead>
            <tbody>
              {findings.slice(0, mostRows).map(({ id, severity, title, host, verdict }) => (
                <tr key={id}>
                  <td className="w-sev">
                    <SeverityChip severity={severity} />
                  </td>
                  <th scope="row" className={verdict === 'open' ? 'is-new' : undefined}>
                    <Link to={links.findings({ verdicts: [], open: id })}>
                      <Verbatim text={title} />
                    </Link>
                  </th>
                  <td className="w-name">{host === null ? 'Fleet' : <HostName host={host} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  )
}

/** None found is only said of what was looked at. */
function emptyOf({ hosts, rows }: Overview): EmptyState {
  const looked = rows.filter((row) => row.looked > 0)
  if (looked.length === 0)
    return {
      kind: hosts.total === 0 ? 'nothing-yet' : 'not-looked',
      title: 'No findings yet',
      says:
        hosts.total === 0
          ? 'Detectors read what hosts send; no host sends anything yet.'
          : 'No host sends what the detectors of this version read: nothing was looked at.',
    }
  const on = Math.min(...looked.map((row) => row.looked))
  return {
    kind: 'good-news',
    title: 'No findings',
    says: `${looked.length} of the ${rows.length} rows above ${looked.length === 1 ? 'was' : 'were'} looked at, on ${count(on)} of ${plural(hosts.total, 'host')}; the others were not.`,
  }
}
