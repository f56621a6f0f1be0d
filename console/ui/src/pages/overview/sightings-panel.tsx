import type { Sighting } from '@tidewaiter/protocol/api'
import { HostName } from '../../components/host-name.tsx'
import { links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { count } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

const mostRows = 6

/** Indicators that met something; nothing is shown where there are none, as that needs a sweep to be said. */
export function SightingsPanel({ sightings }: { sightings: readonly Sighting[] }) {
  if (sightings.length === 0) return null
  return (
    <Panel
      title="Latest sightings"
      meta="of imported indicators"
      end={<Link to={links.indicators('sightings')}>All sightings</Link>}
    >
      <Scroll label="Latest sightings">
        <table>
          <thead>
            <tr>
              <th scope="col">Indicator</th>
              <th scope="col">Host</th>
              <th scope="col" className="num">
                Times
              </th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {sightings.slice(0, mostRows).map(({ id, indicator, host, count: times, lastAt }) => (
              <tr key={id}>
                <th scope="row">
                  <Link className="mono" to={links.indicators('sightings', indicator.id)}>
                    <Verbatim text={indicator.value} />
                  </Link>
                </th>
                <td className="w-name">
                  <HostName host={host} />
                </td>
                <td className="num mono">{count(times)}</td>
                <td className="nowrap">
                  <TimeText at={lastAt} precision="minute" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  )
}
