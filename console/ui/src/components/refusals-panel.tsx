import { useQuery } from '@tanstack/react-query'
import type { RefusedAt } from '@tidewaiter/protocol/api'
import { useTopics } from '../api/live.ts'
import { refusalsQuery } from '../api/refusals.ts'
import { Panel } from '../ui/panel.tsx'
import { IrregularityTable } from './irregularity-table.tsx'
import { Stateful } from './stateful.tsx'

const words: Record<RefusedAt, { title: string; empty: string; says: string }> = {
  'agent-port': {
    title: 'Refused at the door',
    empty: 'Nobody was refused',
    says: 'Whoever came to the agent port was a host of this console, or one that enrolled.',
  },
  'sign-in': {
    title: 'Failed sign-ins',
    empty: 'No sign-in failed',
    says: 'Nobody tried a wrong password, or an e-mail nobody has here.',
  },
}

/** What strangers tried and were refused: repeats of one are counted in its row. */
export function RefusalsPanel({ at }: { at: RefusedAt }) {
  const query = useQuery(refusalsQuery(at))
  useTopics('refusals')
  const { title, empty, says } = words[at]
  return (
    <Panel title={title} meta="newest first; repeats are counted">
      <Stateful
        query={query}
        noun="what was refused"
        empty={({ rows }) => (rows.length > 0 ? undefined : { kind: 'good-news', title: empty, says })}
      >
        {({ rows }) => <IrregularityTable label={title} rows={rows} />}
      </Stateful>
    </Panel>
  )
}
