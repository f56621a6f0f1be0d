import { useQuery } from '@tanstack/react-query'
import { isHistory } from '@tidewaiter/protocol'
import type { CoverageSpan } from '@tidewaiter/protocol/api'
import { hostPastQuery } from '../../api/hosts.ts'
import { Skeleton, Stateful } from '../../components/stateful.tsx'
import { count } from '../../ui/numbers.ts'
import { Panel } from '../../ui/panel.tsx'
import { Scroll } from '../../ui/scroll.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

/** What was read back of the time before the host was first looked at, and what of it was lost. */
export function PastPanel({ id }: { id: string }) {
  const query = useQuery(hostPastQuery(id))
  return (
    <Stateful query={query} noun="what was read back" skeleton={<Skeleton rows={3} />}>
      {({ sources }) => <Past spans={sources.filter(isOfPast)} />}
    </Stateful>
  )
}

function isOfPast({ id, state, records }: CoverageSpan): boolean {
  return state === 'lost' ? isHistory(id) : state === 'not-asked' && records !== 0
}

function Past({ spans }: { spans: readonly CoverageSpan[] }) {
  if (spans.length === 0) return null
  return (
    <Panel
      title="What we hold from before the first look"
      meta="read back at first contact"
      foot="What had been removed from the host before, or was left out by its backfillDays, cannot be known."
    >
      <Scroll label="Read back">
        <table className="top-align">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col" className="num">
                Events
              </th>
              <th scope="col">Lost of it</th>
            </tr>
          </thead>
          <tbody>
            {spans.map(({ id, state, from, records, why }) => (
              <tr key={`${id} ${state} ${from} ${why}`}>
                <th scope="row">
                  <Verbatim text={id} />
                </th>
                <td className="num mono">{state === 'lost' ? '–' : records === null ? 'many' : count(records)}</td>
                <td>{state === 'lost' && <Verbatim text={why ?? 'Not known why'} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Panel>
  )
}
