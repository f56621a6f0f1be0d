import { useMutation, useQuery } from '@tanstack/react-query'
import type { Sweep } from '@tidewaiter/protocol/api'
import { hostsQuery } from '../../api/hosts.ts'
import { sweep } from '../../api/indicators.ts'
import { coverageWords } from '../../components/host-status.tsx'
import { JobProgress } from '../../components/job-progress.tsx'
import { useHeld } from '../../components/permission.ts'
import { ProblemNote } from '../../components/problem-note.tsx'
import { links } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { count, plural } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { Shape } from '../../ui/symbols.tsx'
import { TimeText } from '../../ui/time-text.tsx'
import { useUrlQuery } from '../../ui/url.ts'
import { Verbatim } from '../../ui/verbatim.tsx'
import { completeText, gapsOf } from './sweep-words.ts'

/** Looks for indicators in everything that is held, and says for which hosts and times the answer holds. */
export function SweepTab() {
  const indicator = useUrlQuery().get('indicator') ?? ''
  const held = useHeld('investigate')
  const work = useMutation({ mutationFn: () => sweep(indicator === '' ? undefined : [indicator]) })
  return (
    <div className="stack">
      <p className="prose">
        A sweep looks for {indicator === '' ? 'every indicator in force' : 'one indicator'} in all history that is held.
        Its answer names what it could not see.
      </p>
      <div className="actions">
        <Button kind="primary" blocked={held ?? (work.isPending ? 'it runs' : undefined)} onClick={() => work.mutate()}>
          {work.data === undefined ? 'Sweep now' : 'Sweep again'}
        </Button>
        {indicator !== '' && (
          <Link className="btn" to={links.indicators('sweep')}>
            For all indicators instead
          </Link>
        )}
      </div>
      {work.isPending && <JobProgress job={{ step: 'Looking through what is held', done: 0, of: 0, stays: true }} />}
      {work.error !== null && <ProblemNote title="Not swept" error={work.error} retry={() => work.mutate()} />}
      {work.data !== undefined && <Answer result={work.data} />}
    </div>
  )
}

function Answer({ result }: { result: Sweep }) {
  const { indicators, hosts, sightings, complete } = result
  return (
    <section className="stack" aria-label="Result of the sweep">
      <p className="answer" role="status">
        <Shape name={complete && sightings.length === 0 ? 'ok' : complete ? 'info' : 'lagging'} />
        <span>
          {plural(sightings.length, 'sighting')}. Looked for {plural(indicators, 'indicator')} on{' '}
          {plural(hosts, 'host')}. {completeText(result)}
        </span>
      </p>
      {sightings.length > 0 && (
        <p>
          <Link to={links.indicators('sightings')}>Show the sightings</Link>
        </p>
      )}
      <Gaps result={result} />
    </section>
  )
}

function Gaps({ result }: { result: Sweep }) {
  const hosts = useQuery(hostsQuery).data?.rows ?? []
  const nameOf = (id: string) => hosts.find((host) => host.id === id)?.name ?? id
  const { title, gaps } = gapsOf(result)
  if (gaps.length === 0) return null
  return (
    <Panel title={title} meta={`${plural(gaps.length, 'span')} of ${count(result.coverage.length)}`}>
      <Scroll label={title}>
        <table>
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">Source</th>
              <th scope="col">State</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col" className="num">
                Lost
              </th>
            </tr>
          </thead>
          <tbody>
            {gaps.map(({ host, source, state, from, to, lost, why }) => (
              <tr key={`${host}${source}${from}${state}`}>
                <th scope="row">
                  <Link to={links.host(host)}>
                    <Verbatim text={nameOf(host)} />
                  </Link>
                </th>
                <td className="mono">
                  <Verbatim text={source} />
                </td>
                <td>
                  {coverageWords[state]}
                  {why !== undefined && (
                    <span className="meta block">
                      <Verbatim text={why} />
                    </span>
                  )}
                </td>
                <td className="nowrap">
                  <TimeText at={from} precision="minute" />
                </td>
                <td className="nowrap">
                  <TimeText at={to} precision="minute" />
                </td>
                <td className="num mono">{lost === null ? 'unknown' : count(lost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  )
}
