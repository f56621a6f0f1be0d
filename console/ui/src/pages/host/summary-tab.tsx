import type { HostDetail } from '@tidewaiter/protocol/api'
import { count } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { CoveragePanel } from './coverage-panel.tsx'
import { FindingsHere } from './findings-here.tsx'
import { GapsPanel } from './gaps-panel.tsx'
import { MatrixPanel } from './matrix-panel.tsx'
import { PastPanel } from './past-panel.tsx'

/** What we hold of the host and since when, and what was found on it. */
export function SummaryTab({ host }: { host: HostDetail }) {
  return (
    <div className="stack">
      <CoveragePanel host={host} />
      <GapsPanel host={host} />
      <PastPanel id={host.id} />
      {host.kind === 'agent' && <MatrixPanel id={host.id} />}
      <div className="cols halves">
        <FindingsHere host={host} />
        <Datasets host={host} />
      </div>
    </div>
  )
}

function Datasets({ host: { datasets } }: { host: HostDetail }) {
  if (datasets.length === 0) return null
  return (
    <Panel title="Events held" meta="by decoder">
      <Scroll label="Events by decoder">
        <table>
          <thead>
            <tr>
              <th scope="col">Decoder</th>
              <th scope="col" className="num">
                Events
              </th>
              <th scope="col">Newest</th>
            </tr>
          </thead>
          <tbody>
            {datasets.map(({ dataset, count: events, lastAt }) => (
              <tr key={dataset}>
                <th scope="row">{dataset}</th>
                <td className="num mono">{count(events)}</td>
                <td className="nowrap">
                  <TimeText at={lastAt} precision="second" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  )
}
