import type { HostDetail } from '@tidewaiter/protocol/api'
import { boundsOfSpans, bySource, type SourceCoverage } from '../../components/coverage.ts'
import { CoverageStrip, StripLegend } from '../../components/coverage-strip.tsx'
import { Empty } from '../../components/empty.tsx'
import { coverageWords } from '../../components/host-status.tsx'
import { count } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { resourceOf } from './resource.ts'

/** Every source of the host with its spans, under the resource of CBP's list that it answers. */
export function CoveragePanel({ host }: { host: HostDetail }) {
  const bounds = boundsOfSpans(host.sources)
  const groups = Map.groupBy(bySource(host.sources), ({ id }) => resourceOf(id))
  return (
    <Panel
      title="What we hold, by CBP’s investigative resources"
      meta={
        bounds && (
          <>
            <TimeText at={new Date(bounds.from).toISOString()} precision="minute" /> to{' '}
            <TimeText at={new Date(bounds.to).toISOString()} precision="minute" />
          </>
        )
      }
      foot={<StripLegend />}
    >
      {bounds === undefined ? (
        <Empty
          state={{
            kind: 'nothing-yet',
            title: 'No source has reported yet',
            says: 'The first batch of a host says what it covers.',
          }}
        />
      ) : (
        <Scroll label="Coverage by source">
          <table>
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col">Covered</th>
                <th scope="col" className="num">
                  Records
                </th>
                <th scope="col" className="num">
                  Lost
                </th>
                <th scope="col">Now</th>
              </tr>
            </thead>
            {[...groups].map(([resource, sources]) => (
              <tbody key={resource}>
                <tr className="tgroup">
                  <th scope="rowgroup" colSpan={5}>
                    {resource}
                  </th>
                </tr>
                {sources.map((source) => (
                  <SourceRow key={source.id} source={source} bounds={bounds} />
                ))}
              </tbody>
            ))}
          </table>
        </Scroll>
      )}
    </Panel>
  )
}

function SourceRow({
  source: { id, spans, records, lost, last },
  bounds,
}: {
  source: SourceCoverage
  bounds: { from: number; to: number }
}) {
  return (
    <tr>
      <th scope="row" className="mono source">
        <Verbatim text={id} />
      </th>
      <td className="strip-cell">
        <CoverageStrip spans={spans} bounds={bounds} />
      </td>
      <td className="num mono">{count(records)}</td>
      <td className="num mono">{lost === null ? 'unknown' : count(lost)}</td>
      <td>
        {coverageWords[last.state]}
        {last.why !== undefined && (
          <span className="meta">
            <Verbatim text={last.why} />
          </span>
        )}
      </td>
    </tr>
  )
}
