import { useInfiniteQuery } from '@tanstack/react-query'
import type { EventRow, Histogram } from '@tidewaiter/protocol/api'
import { useRef } from 'react'
import { eventsQuery } from '../../api/events.ts'
import type { EmptyState } from '../../components/empty.tsx'
import { chipsOf, withTerm } from '../../components/query/chips.ts'
import { RecordDrawer } from '../../components/record/record-drawer.tsx'
import { Skeleton, Stateful } from '../../components/stateful.tsx'
import { links, type SearchUrl } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Link, useGo } from '../../ui/link.tsx'
import { count } from '../../ui/numbers.ts'
import { useZone } from '../../ui/preferences.ts'
import { toTsv } from '../../ui/tsv.ts'
import { columnsIn } from './columns.tsx'

/** The rows of a search, and the record that is open beside them. A refused search leaves the last good answer. */
export function Results({ url, histogram }: { url: SearchUrl; histogram: Histogram | undefined }) {
  const { q, from, to, order } = url
  const query = useInfiniteQuery(eventsQuery({ q, from, order, ...(to !== '' && { to }) }))
  const lastGood = useRef(query.data)
  if (query.data !== undefined) lastGood.current = query.data
  const data = query.error === null ? query.data : lastGood.current
  return (
    <Stateful
      query={{ ...query, data }}
      noun="events"
      skeleton={<Skeleton rows={12} />}
      empty={({ pages }) => (pages[0]?.rows.length === 0 ? emptyOf(url, histogram) : undefined)}
    >
      {({ pages }) => (
        <Table
          url={url}
          rows={pages.flatMap((page) => page.rows)}
          total={pages[0]?.total ?? 0}
          isExact={pages[0]?.totalExact ?? true}
          onEnd={query.hasNextPage && !query.isFetchingNextPage ? query.fetchNextPage : undefined}
        />
      )}
    </Stateful>
  )
}

interface TableProps {
  url: SearchUrl
  rows: readonly EventRow[]
  total: number
  isExact: boolean
  onEnd: (() => unknown) | undefined
}

function Table({ url, rows, total, isExact, onEnd }: TableProps) {
  const go = useGo()
  const columns = columnsIn(useZone())
  const to = (part: Partial<SearchUrl>) => links.search({ ...url, ...part })
  const at = rows.findIndex(({ record }) => record === url.record)
  const turn = (index: number) => {
    const row = rows[index]
    return at < 0 || row === undefined ? undefined : () => go(to({ record: row.record }), 'replace')
  }
  const asText = () =>
    toTsv([columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ text }) => text(row)))])
  return (
    <div className="panes list">
      <div className="pane">
        <div className="bar">
          <span className="meta">
            {count(rows.length)} of {count(total)}
            {isExact ? '' : ' or more'} loaded; further rows come as you scroll
          </span>
          <span className="end actions">
            <CopyButton text={asText} label={`${count(rows.length)} rows`} />
            <Button small onClick={() => go(to({ order: url.order === 'newest' ? 'oldest' : 'newest', record: '' }))}>
              {url.order === 'newest' ? 'Newest first' : 'Oldest first'}
              <span className="vh">, change the order</span>
            </Button>
          </span>
        </div>
        <DataTable
          label="Events"
          columns={columns}
          rows={rows}
          keyOf={({ record }) => record}
          hrefOf={({ record }) => to({ record })}
          open={url.record}
          total={isExact ? total : 'unknown'}
          onEnd={onEnd && (() => void onEnd())}
        />
      </div>
      {url.record !== '' && (
        <RecordDrawer
          key={url.record}
          id={url.record}
          mark={<span className="meta">{at < 0 ? 'Record' : `Row ${count(at + 1)} of ${count(total)}`}</span>}
          onClose={() => go(to({ record: '' }), 'replace')}
          onPrevious={turn(at - 1)}
          onNext={turn(at + 1)}
          onNarrow={(term) => go(to({ q: withTerm(url.q, term), record: '' }))}
        />
      )}
    </div>
  )
}

/** As far back as is offered where a shorter span shows nothing. */
const wideFrom = '-30d'

function emptyOf(url: SearchUrl, histogram: Histogram | undefined): EmptyState {
  const chips = chipsOf(url.q)
  if (histogram?.coverage.hosts === 0)
    return {
      kind: 'nothing-yet',
      title: 'No host sends anything yet',
      says: 'Add the first one; its events can be searched seconds later.',
      actions: (
        <Link className="btn" to={links.enrol}>
          Add hosts
        </Link>
      ),
    }
  return {
    kind: 'no-match',
    title: chips.length > 1 ? `Nothing matches these ${chips.length} terms` : 'Nothing matches',
    says: `${histogram?.coverage.says ?? ''} Take a term away above, or look further back.`.trim(),
    ...(url.from !== wideFrom && {
      actions: (
        <Link className="btn" to={links.search({ ...url, from: wideFrom, to: '', record: '' })}>
          Look at the last 30 days
        </Link>
      ),
    }),
  }
}
