import { useQuery } from '@tanstack/react-query'
import { isCode } from '../api/client.ts'
import { histogramQuery } from '../api/events.ts'
import { HistogramChart } from '../components/histogram.tsx'
import { Page } from '../components/page.tsx'
import { boundsOf } from '../components/query/range.ts'
import { SearchBar } from '../components/query/search-bar.tsx'
import { TimeRange } from '../components/query/time-range.tsx'
import { Stateful } from '../components/stateful.tsx'
import { links, readSearchUrl, type SearchUrl } from '../links.ts'
import { useGo } from '../ui/link.tsx'
import { useNow } from '../ui/now.ts'
import { plural } from '../ui/numbers.ts'
import { useUrlQuery } from '../ui/url.ts'
import { Landing } from './search/landing.tsx'
import { Results } from './search/results.tsx'

/** How often the right end of the chart moves with the time. */
const stepMs = 10_000

/** Events: a query, a span, how many when, and the rows. All of it stands in the address. */
export function SearchPage() {
  const url = readSearchUrl(useUrlQuery())
  const go = useGo()
  const { q, from, to } = url
  const query = useQuery(histogramQuery({ from, ...(q !== '' && { q }), ...(to !== '' && { to }) }))
  const change = (part: Partial<SearchUrl>) => go(links.search({ ...url, record: '', ...part }))
  const total = query.data?.total
  const now = useNow(stepMs) + stepMs
  return (
    <Page
      title="Search"
      sub={
        total !== undefined &&
        `${plural(total, 'event')} ${q === '' ? 'in this span' : total === 1 ? 'matches' : 'match'}`
      }
    >
      <SearchBar
        query={q}
        onSearch={(wanted) => change({ q: wanted })}
        range={<TimeRange range={{ from, to }} onChange={change} />}
        coverage={query.data?.coverage.says}
      />
      {/* A query that cannot be read is refused twice; the rows say so once. */}
      {!(q !== '' && isCode(query.error, 'query-malformed')) && (
        <Stateful query={query} noun="the counts" skeleton={<div className="chart-room" />}>
          {(histogram) => <HistogramChart histogram={histogram} bounds={boundsOf({ from, to }, now)} onPick={change} />}
        </Stateful>
      )}
      {q === '' ? <Landing /> : <Results url={url} histogram={query.data} />}
    </Page>
  )
}
