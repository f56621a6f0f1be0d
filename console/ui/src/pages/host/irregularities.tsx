import type { HostDetail } from '@tidewaiter/protocol/api'
import { Empty } from '../../components/empty.tsx'
import { IrregularityTable } from '../../components/irregularity-table.tsx'
import { Panel } from '../../ui/panel.tsx'

/** What the console refused of the host, or found that does not fit. */
export function Irregularities({ host: { irregularities } }: { host: HostDetail }) {
  return (
    <Panel title="Irregular" meta="refused, or kept although it does not fit; repeats are counted">
      {irregularities.length === 0 ? (
        <Empty
          state={{
            kind: 'good-news',
            title: 'Nothing irregular',
            says: 'Every batch was signed by this host’s key and follows the one before.',
          }}
        />
      ) : (
        <IrregularityTable label="Irregularities" rows={irregularities} withBatch />
      )}
    </Panel>
  )
}
