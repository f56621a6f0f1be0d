import type { HostDetail } from '@tidewaiter/protocol/api'
import { type Gap, gapsOf } from '@tidewaiter/protocol/gaps'
import { coverageWords } from '../../components/host-status.tsx'
import { count, plural } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

const mostRows = 20

/** Every time that was not covered, with its cause: the strips above in words. */
export function GapsPanel({ host }: { host: HostDetail }) {
  const gaps = gapsOf(host.sources)
  if (gaps.length === 0) return null
  const more = gaps.length - mostRows
  return (
    <Panel
      title="What we do not hold, and why"
      meta={plural(gaps.length, 'gap')}
      {...(more > 0 && { foot: `${plural(more, 'older gap')} in the coverage table of a package.` })}
    >
      <Scroll label="Gaps">
        <table className="top-align">
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">What</th>
              <th scope="col" className="num">
                Lost
              </th>
            </tr>
          </thead>
          <tbody>
            {gaps.slice(0, mostRows).map((gap) => (
              <Row key={`${gap.state} ${gap.from} ${gap.sources[0]} ${gap.why}`} gap={gap} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  )
}

function Row({ gap: { state, from, to, lost, why, sources } }: { gap: Gap }) {
  const [first = ''] = sources
  return (
    <tr>
      <td className="nowrap">
        <TimeText at={from} precision="second" />
      </td>
      <td className="nowrap">
        <TimeText at={to} precision="second" />
      </td>
      <th scope="row">
        {coverageWords[state]}
        {why !== undefined && (
          <>
            : <Verbatim text={why} />
          </>
        )}
        <span className="meta block">
          {sources.length === 1 ? <Verbatim text={first} /> : plural(sources.length, 'source')}
        </span>
      </th>
      <td className="num mono">{state === 'lost' ? (lost === null ? 'unknown' : count(lost)) : '–'}</td>
    </tr>
  )
}
