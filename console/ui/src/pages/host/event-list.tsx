import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import type { EventRow, HostDetail } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { eventsQuery } from '../../api/events.ts'
import { useLiveEvents } from '../../api/live.ts'
import type { EmptyState } from '../../components/empty.tsx'
import { RecordDrawer } from '../../components/record/record-drawer.tsx'
import { SearchHost } from '../../components/search-host.tsx'
import { Skeleton, Stateful } from '../../components/stateful.tsx'
import { type HostTab, links } from '../../links.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { useGo } from '../../ui/link.tsx'
import { count } from '../../ui/numbers.ts'
import { useZone } from '../../ui/preferences.ts'
import { useUrlQuery } from '../../ui/url.ts'
import { Verbatim } from '../../ui/verbatim.tsx'
import { addRows, nothingArrived, rowsOf } from './arrived.ts'
import type { Lens } from './lenses.tsx'

interface Props {
  host: HostDetail
  tab: HostTab
  lens: Lens
}

/** Events of a host through one lens, newest first. What arrives is counted and waits until it is asked for. */
export function EventList({ host, tab, lens }: Props) {
  const { category } = lens
  const asked = eventsQuery({ host: host.id, ...(category !== undefined && { q: `event.category:${category}` }) })
  const query = useInfiniteQuery(asked)
  const queries = useQueryClient()
  const [arrived, setArrived] = useState(nothingArrived)
  const isEmpty = query.data?.pages[0]?.rows.length === 0
  useLiveEvents(host.id, (rows, more) => {
    // Nobody reads an empty list: what comes is shown at once.
    if (isEmpty) void query.refetch()
    // Of what the server left out nobody knows the category.
    else setArrived((before) => addRows(before, rowsOf(category, rows), category === undefined ? more : 0))
  })
  const show = () => {
    setArrived(nothingArrived)
    // Only the first page is asked again: what follows has moved.
    queries.setQueryData(asked.queryKey, (held) =>
      held === undefined ? held : { pages: held.pages.slice(0, 1), pageParams: held.pageParams.slice(0, 1) },
    )
    void query.refetch()
  }
  return (
    <Stateful
      query={query}
      noun={lens.label.toLowerCase()}
      skeleton={<Skeleton rows={12} />}
      empty={() => (isEmpty ? emptyOf(host, lens) : undefined)}
      fresh={{ count: arrived.count, noun: arrived.count === 1 ? 'event' : 'events', show }}
    >
      {({ pages }) => (
        <List
          host={host}
          tab={tab}
          lens={lens}
          rows={pages.flatMap((page) => page.rows)}
          total={pages[0]?.total ?? 0}
          onEnd={query.hasNextPage && !query.isFetchingNextPage ? query.fetchNextPage : undefined}
        />
      )}
    </Stateful>
  )
}

interface ListProps {
  host: HostDetail
  tab: HostTab
  lens: Lens
  rows: readonly EventRow[]
  total: number
  onEnd: (() => unknown) | undefined
}

function List({ host, tab, lens, rows, total, onEnd }: ListProps) {
  const go = useGo()
  const zone = useZone()
  const open = useUrlQuery().get('record') ?? ''
  const at = rows.findIndex((row) => row.record === open)
  const openAt = (index: number) => {
    const row = rows[index]
    return row === undefined ? undefined : () => go(links.host(host.id, tab, row.record), 'replace')
  }
  return (
    <div className="panes list">
      <div className="pane">
        <DataTable
          label={lens.label}
          columns={lens.columns(zone)}
          rows={rows}
          keyOf={(row) => row.record}
          hrefOf={(row) => links.host(host.id, tab, row.record)}
          open={open}
          total={total}
          onEnd={onEnd && (() => void onEnd())}
        />
      </div>
      {open !== '' && (
        <RecordDrawer
          key={open}
          id={open}
          mark={<span className="meta">{at < 0 ? 'Record' : `Row ${count(at + 1)} of ${count(total)}`}</span>}
          onClose={() => go(links.host(host.id, tab), 'replace')}
          onPrevious={openAt(at - 1)}
          onNext={at < 0 ? undefined : openAt(at + 1)}
        />
      )}
    </div>
  )
}

function emptyOf(host: HostDetail, lens: Lens): EmptyState {
  const search = <SearchHost host={host} />
  if (host.datasets.length === 0)
    return {
      kind: 'nothing-yet',
      title: 'Nothing from this host yet',
      says: 'It is enrolled; its first records appear here as they are read.',
    }
  const looked = host.now.filter(({ id, state }) => state === 'ok' && lens.sources.test(id))
  if (looked.length > 0)
    return {
      kind: 'good-news',
      title: `No ${lens.label.toLowerCase()} in what was taken`,
      says: (
        <>
          Looked at: <Verbatim text={looked.map(({ id }) => id).join(', ')} />. Summary says from when to when each of
          them is covered.
        </>
      ),
      actions: search,
    }
  return {
    kind: 'not-asked',
    title: `Nothing here was taken on this host`,
    says: `This needs ${lens.needs}. See Health for what is switched on; nothing here speaks for or against this host.`,
    actions: search,
  }
}
