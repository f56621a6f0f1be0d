import type { Host, Overview } from '@tidewaiter/protocol/api'
import { Empty } from '../../components/empty.tsx'
import { HostName } from '../../components/host-name.tsx'
import { StatusMark } from '../../components/host-status.tsx'
import { links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { plural } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

const mostRows = 8

/** Which hosts we see, and why not the others. */
export function CoveragePanel({ overview: { hosts, hostList } }: { overview: Overview }) {
  const words = [
    `${hosts.online} online`,
    hosts.lagging > 0 && `${hosts.lagging} lagging`,
    hosts.silent > 0 && `${hosts.silent} silent`,
    hosts.degraded > 0 && `${hosts.degraded} degraded`,
  ].filter((word) => word !== false)
  // Those that need somebody first.
  const shown = [...hostList].sort((a, b) => urgency(a) - urgency(b))
  return (
    <Panel
      title="What we can see"
      meta={hosts.total === 0 ? 'nothing yet' : words.join(' · ')}
      end={<Link to={links.hosts()}>All hosts</Link>}
      {...(hostList.length > mostRows && {
        foot: `${plural(hostList.length - mostRows, 'more host')} in the list of hosts.`,
      })}
    >
      {hostList.length === 0 ? (
        <Empty
          state={{
            kind: 'nothing-yet',
            title: 'No hosts yet',
            says: 'Add the first one; it takes about a minute. This page shows it the moment it arrives.',
            actions: (
              <Link className="btn" to={links.enrol}>
                Add hosts
              </Link>
            ),
          }}
        />
      ) : (
        <Scroll label="Coverage by host">
          <table>
            <thead>
              <tr>
                <th scope="col">Host</th>
                <th scope="col">State</th>
                <th scope="col">Last seen</th>
              </tr>
            </thead>
            <tbody>
              {shown.slice(0, mostRows).map((host) => (
                <Row key={host.id} host={host} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  )
}

/** A silence that is an alarm first, then everything else that is not well. */
function urgency({ status, silence }: Host): number {
  if (status === 'online') return 2
  return silence !== undefined && !silence.isExpected ? 0 : 1
}

function Row({ host: { id, name, status, silence, why, sourcesOk, sourcesTotal, lastSeenAt } }: { host: Host }) {
  return (
    <tr>
      <th scope="row" className="w-name">
        <Link to={links.host(id)}>
          <HostName host={{ id, name }} />
        </Link>
      </th>
      <td>
        <StatusMark status={status} silence={silence} />{' '}
        <span className="muted">
          {sourcesOk} of {plural(sourcesTotal, 'source')}
        </span>
        {why !== undefined && (
          <span className="meta">
            <Verbatim text={why} />
          </span>
        )}
      </td>
      <td className="nowrap">{lastSeenAt === null ? 'Never' : <TimeText at={lastSeenAt} precision="second" />}</td>
    </tr>
  )
}
