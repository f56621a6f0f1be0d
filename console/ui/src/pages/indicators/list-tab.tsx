import { useInfiniteQuery } from '@tanstack/react-query'
import type { Indicator } from '@tidewaiter/protocol/api'
import { indicatorsQuery } from '../../api/indicators.ts'
import { Skeleton, Stateful } from '../../components/stateful.tsx'
import { links } from '../../links.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Link, useGo } from '../../ui/link.tsx'
import { count } from '../../ui/numbers.ts'
import { useZone } from '../../ui/preferences.ts'
import { formatTime } from '../../ui/time.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { useUrlQuery } from '../../ui/url.ts'
import { Verbatim } from '../../ui/verbatim.tsx'
import { IndicatorDrawer } from './indicator-drawer.tsx'

const columnsIn = (zone: string): readonly Column<Indicator>[] => [
  {
    id: 'value',
    head: 'Value',
    look: 'mono',
    cell: ({ value }) => <Verbatim text={value} />,
    text: ({ value }) => value,
  },
  { id: 'type', head: 'Type', look: 'w-s', cell: ({ type }) => type, text: ({ type }) => type },
  {
    id: 'sightings',
    head: 'Sightings',
    look: 'w-s num mono',
    cell: ({ sightings }) => (sightings === 0 ? <span className="muted">0</span> : <b>{count(sightings)}</b>),
    text: ({ sightings }) => count(sightings),
  },
  {
    id: 'last',
    head: 'Last sighted',
    look: 'w-second mono middling',
    cell: ({ lastSightedAt }) => (lastSightedAt === null ? '–' : <TimeText at={lastSightedAt} precision="second" />),
    text: ({ lastSightedAt }) => (lastSightedAt === null ? 'never' : formatTime(lastSightedAt, { zone })),
  },
  {
    id: 'source',
    head: 'Source',
    look: 'wide',
    cell: ({ source }) => <Verbatim text={source} />,
    text: ({ source }) => source,
  },
  { id: 'tlp', head: 'TLP', look: 'w-m wide', cell: ({ tlp }) => tlp, text: ({ tlp }) => tlp },
  {
    id: 'state',
    head: 'State',
    look: 'w-s',
    cell: ({ expired }) => (expired ? <span className="muted">Expired</span> : 'In force'),
    text: ({ expired }) => (expired ? 'Expired' : 'In force'),
  },
]

/** Indicators, and one of them beside the list. */
export function ListTab() {
  const query = useInfiniteQuery(indicatorsQuery)
  const go = useGo()
  const zone = useZone()
  const open = useUrlQuery().get('indicator') ?? ''
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? []
  const at = rows.findIndex(({ id }) => id === open)
  const shown = rows[at]
  const turn = (index: number) => {
    const row = rows[index]
    return at < 0 || row === undefined ? undefined : () => go(links.indicators('list', row.id), 'replace')
  }
  return (
    <Stateful
      query={query}
      noun="indicators"
      skeleton={<Skeleton rows={10} />}
      empty={() =>
        rows.length > 0
          ? undefined
          : {
              kind: 'nothing-yet',
              title: 'No indicators yet',
              says: 'Import what CBP’s SOC or a partner sent you: paste it, or choose the file. Each is looked for in all history and in everything that comes.',
              actions: (
                <Link className="btn" to={links.indicators('import')}>
                  Import indicators
                </Link>
              ),
            }
      }
    >
      {({ pages }) => (
        <div className="panes list">
          <div className="pane">
            <DataTable
              label="Indicators"
              columns={columnsIn(zone)}
              rows={rows}
              keyOf={({ id }) => id}
              hrefOf={({ id }) => links.indicators('list', id)}
              open={open}
              total={pages[0]?.totalExact === false ? 'unknown' : (pages[0]?.total ?? 0)}
              onEnd={query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : undefined}
            />
          </div>
          {shown !== undefined && (
            <IndicatorDrawer
              key={shown.id}
              indicator={shown}
              onClose={() => go(links.indicators(), 'replace')}
              onPrevious={turn(at - 1)}
              onNext={turn(at + 1)}
            />
          )}
        </div>
      )}
    </Stateful>
  )
}
