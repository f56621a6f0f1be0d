import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Sighting } from '@tidewaiter/protocol/api'
import { indicatorsQuery, sightingsQuery } from '../../api/indicators.ts'
import type { EmptyState } from '../../components/empty.tsx'
import { HostName } from '../../components/host-name.tsx'
import { Skeleton, Stateful } from '../../components/stateful.tsx'
import { links } from '../../links.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { useHeldRows } from '../../ui/held-rows.ts'
import { Link } from '../../ui/link.tsx'
import { count } from '../../ui/numbers.ts'
import { useZone } from '../../ui/preferences.ts'
import { formatTime } from '../../ui/time.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { useUrlQuery } from '../../ui/url.ts'
import { Verbatim } from '../../ui/verbatim.tsx'
import { OpenSighting } from './sighting-drawer.tsx'

const idOf = ({ id }: Sighting) => id
const nothing: readonly Sighting[] = []

/** Where indicators met what was seen; one sighting, or one of its records, beside the list. */
export function SightingsTab() {
  const address = useUrlQuery()
  const indicator = address.get('indicator') ?? ''
  const open = address.get('open') ?? ''
  const query = useQuery(sightingsQuery(indicator === '' ? undefined : indicator))
  const indicators = useInfiniteQuery(indicatorsQuery).data?.pages[0]?.total
  const columns = columnsIn(useZone())
  const all = query.data?.rows ?? nothing
  const held = useHeldRows({ wanted: all, all, filter: indicator }, idOf)
  const shown = all.find(({ id }) => id === open)
  return (
    <Stateful
      query={query}
      noun="sightings"
      skeleton={<Skeleton rows={8} />}
      empty={() => (all.length > 0 ? undefined : emptyOf(indicator, indicators))}
      fresh={{ count: held.waiting, noun: held.waiting === 1 ? 'sighting' : 'sightings', show: held.show }}
      partial={({ next }) =>
        next === undefined ? undefined : { says: `Only the latest ${count(all.length)} are here.` }
      }
    >
      {() => (
        <>
          {indicator !== '' && <OnlyOne value={all[0]?.indicator.value ?? indicator} />}
          <div className="panes list">
            <div className="pane">
              <DataTable
                label="Sightings"
                columns={columns}
                rows={held.rows}
                keyOf={idOf}
                hrefOf={({ id }) => links.indicators('sightings', indicator, { open: id })}
                open={open}
              />
            </div>
            {shown !== undefined && (
              <OpenSighting
                sighting={shown}
                rows={held.rows}
                record={address.get('record') ?? ''}
                to={(part) => links.indicators('sightings', indicator, part)}
              />
            )}
          </div>
        </>
      )}
    </Stateful>
  )
}

function OnlyOne({ value }: { value: string }) {
  return (
    <div className="chips">
      <span className="chip">
        <span className="muted">indicator</span> <Verbatim text={value} />
      </span>
      <Link className="btn small" to={links.indicators('sightings')}>
        Show all sightings
      </Link>
    </div>
  )
}

const columnsIn = (zone: string): readonly Column<Sighting>[] => [
  {
    id: 'value',
    head: 'Indicator',
    look: 'mono',
    cell: ({ indicator }) => <Verbatim text={indicator.value} />,
    text: ({ indicator }) => indicator.value,
  },
  {
    id: 'type',
    head: 'Type',
    look: 'w-s wide',
    cell: ({ indicator }) => indicator.type,
    text: ({ indicator }) => indicator.type,
  },
  {
    id: 'host',
    head: 'Host',
    look: 'w-l',
    cell: ({ host }) => <HostName host={host} />,
    text: ({ host }) => host.name,
  },
  {
    id: 'times',
    head: 'Times',
    look: 'w-xs num mono',
    cell: (row) => count(row.count),
    text: (row) => count(row.count),
  },
  {
    id: 'first',
    head: 'First',
    look: 'w-second mono wide',
    cell: ({ firstAt }) => <TimeText at={firstAt} precision="second" />,
    text: ({ firstAt }) => formatTime(firstAt, { zone }),
  },
  {
    id: 'last',
    head: 'Last',
    look: 'w-second mono',
    cell: ({ lastAt }) => <TimeText at={lastAt} precision="second" />,
    text: ({ lastAt }) => formatTime(lastAt, { zone }),
  },
]

function emptyOf(indicator: string, indicators: number | undefined): EmptyState {
  if (indicators === 0)
    return {
      kind: 'nothing-yet',
      title: 'No sightings',
      says: 'There is no indicator yet that could be met. Import what CBP’s SOC or a partner sent you.',
      actions: (
        <Link className="btn" to={links.indicators('import')}>
          Import indicators
        </Link>
      ),
    }
  const sweep = (
    <Link className="btn" to={links.indicators('sweep', indicator)}>
      Sweep
    </Link>
  )
  if (indicator !== '')
    return {
      kind: 'good-news',
      title: 'This indicator was not met',
      says: 'In nothing that is held. A sweep says for which hosts and times that holds.',
      actions: sweep,
    }
  return {
    kind: 'good-news',
    title: 'No sightings',
    says: 'No indicator in force was met in anything that is held. A sweep says for which hosts and times that holds.',
    actions: sweep,
  }
}
