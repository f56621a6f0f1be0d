import { useQuery } from '@tanstack/react-query'
import type { DetectorCard, Finding } from '@tidewaiter/protocol/api'
import { useMemo } from 'react'
import { detectorsQuery, findingsQuery } from '../api/findings.ts'
import type { EmptyState } from '../components/empty.tsx'
import { useDecisions } from '../components/finding/decisions.ts'
import { nothingFoundAnywhere } from '../components/finding/nothing-found.ts'
import { Page } from '../components/page.tsx'
import { Skeleton, Stateful } from '../components/stateful.tsx'
import { type FindingsUrl, findingsStart, links, readFindingsUrl } from '../links.ts'
import { Button } from '../ui/button.tsx'
import { useHeldRows } from '../ui/held-rows.ts'
import { Link, useGo } from '../ui/link.tsx'
import { count } from '../ui/numbers.ts'
import { useUrlQuery } from '../ui/url.ts'
import { Facets } from './findings/facets.tsx'
import { byUrgency, matches, mostHiding } from './findings/filter.ts'
import { FindingDrawer } from './findings/finding-drawer.tsx'
import { Queue } from './findings/queue.tsx'

const nothing: readonly Finding[] = []
const idOf = ({ id }: Finding) => id

/** The triage queue: filters, what is to be decided, and one finding beside it. */
export function FindingsPage() {
  const address = useUrlQuery()
  const url = useMemo(() => readFindingsUrl(address), [address])
  const go = useGo()
  const query = useQuery(findingsQuery())
  const decisions = useDecisions()
  const all = query.data?.rows ?? nothing
  const filter = [...url.verdicts, '', ...url.detectors, '', ...url.severities, '', url.host].join(' ')
  const wanted = useMemo(() => all.filter((one) => matches(one, url)).sort(byUrgency), [all, url])
  const held = useHeldRows({ wanted, all, filter }, idOf)
  const open = all.find(({ id }) => id === url.open)
  const change = (part: Partial<FindingsUrl>) =>
    go(links.findings({ ...url, ...part, open: '', record: '' }), 'replace')
  const detectors = useQuery(detectorsQuery).data?.rows ?? []
  return (
    <Page title="Findings" sub={query.data && <Sub all={all} total={query.data.total} />}>
      <div className="panes triage">
        <Facets findings={all} url={url} onChange={change} />
        <section className="pane-scroll" aria-label="Queue">
          <div className="bar">
            <span className="meta">New first, then worst first</span>
            {decisions.undo !== undefined && open === undefined && (
              <Button small className="end" hint="u" onClick={decisions.undo}>
                Undo
              </Button>
            )}
          </div>
          <div className="in-queue">
            <Stateful
              query={query}
              noun="findings"
              skeleton={<Skeleton rows={10} />}
              empty={() => (held.rows.length > 0 ? undefined : emptyOf(all, url, detectors))}
              fresh={{ count: held.waiting, noun: held.waiting === 1 ? 'finding' : 'findings', show: held.show }}
              partial={({ next }) =>
                next === undefined ? undefined : { says: `Only the latest ${count(all.length)} are here.` }
              }
            >
              {() => <Queue rows={held.rows} url={url} />}
            </Stateful>
          </div>
        </section>
        {open !== undefined && (
          <FindingDrawer key={open.id} finding={open} rows={held.rows} url={url} decisions={decisions} />
        )}
      </div>
    </Page>
  )
}

function Sub({ all, total }: { all: readonly Finding[]; total: number }) {
  return `${count(all.filter(({ verdict }) => verdict === 'open').length)} new · ${count(total)} in all`
}

const groupWords = { verdicts: 'the state', detectors: 'the indicator', severities: 'the severity', host: 'the host' }

const addHosts = (
  <Link className="btn" to={links.enrol}>
    Add hosts
  </Link>
)

function emptyOf(all: readonly Finding[], url: FindingsUrl, detectors: readonly DetectorCard[]): EmptyState {
  if (all.length === 0) {
    const nothing = nothingFoundAnywhere(detectors)
    return nothing.kind === 'nothing-yet' ? { ...nothing, actions: addHosts } : nothing
  }
  const hiding = mostHiding(all, url)
  return {
    kind: 'no-match',
    title: 'Nothing matches these filters',
    says:
      hiding === undefined
        ? `Together they hide all ${count(all.length)}.`
        : `Without ${groupWords[hiding.group]} there are ${count(hiding.count)}.`,
    actions: (
      <Link className="btn" to={links.findings({ ...findingsStart, verdicts: [] })}>
        Show all {count(all.length)}
      </Link>
    ),
  }
}
