import { useQuery } from '@tanstack/react-query'
import type { Overview } from '@tidewaiter/protocol/api'
import { overviewQuery } from '../api/overview.ts'
import { Note } from '../components/note.tsx'
import { Page } from '../components/page.tsx'
import { Skeleton, Stateful } from '../components/stateful.tsx'
import { links } from '../links.ts'
import { Link } from '../ui/link.tsx'
import { count, plural } from '../ui/numbers.ts'
import { TimeText } from '../ui/time-text.tsx'
import { Verbatim } from '../ui/verbatim.tsx'
import { Checklist } from './overview/checklist.tsx'
import { CoveragePanel } from './overview/coverage-panel.tsx'
import { Deadlines } from './overview/deadlines.tsx'
import { FindingsPanel } from './overview/findings-panel.tsx'
import { RowTiles } from './overview/row-tiles.tsx'
import { SightingsPanel } from './overview/sightings-panel.tsx'

/** In five seconds: are we blind, is something burning, is a deadline running. */
export function OverviewPage() {
  const query = useQuery(overviewQuery)
  return (
    <Page
      title="Overview"
      sub={query.data && <Sub overview={query.data} />}
      actions={query.data && <Act overview={query.data} />}
    >
      <Stateful query={query} noun="the overview" skeleton={<Skeleton rows={14} />} partial={gapOf}>
        {(overview) => <Content overview={overview} />}
      </Stateful>
    </Page>
  )
}

function Sub({ overview: { events, eventsPerSecond, at } }: { overview: Overview }) {
  return (
    <>
      {plural(events, 'event')} held · {eventsPerSecond.toFixed(1)} a second · as of{' '}
      <TimeText at={at} precision="second" />
    </>
  )
}

/** What there is to do first. */
function Act({ overview: { openFindings, hosts } }: { overview: Overview }) {
  if (hosts.total === 0)
    return (
      <Link className="btn primary" to={links.enrol}>
        Add hosts
      </Link>
    )
  return (
    <Link className={openFindings > 0 ? 'btn primary' : 'btn'} to={links.findings({})}>
      {openFindings > 0
        ? `Triage ${count(openFindings)} new ${openFindings === 1 ? 'finding' : 'findings'}`
        : 'Findings'}
    </Link>
  )
}

function gapOf({ hosts, lagBatches }: Overview) {
  const parts = [
    hosts.silent > 0 && `${plural(hosts.silent, 'host')} silent`,
    hosts.degraded > 0 && `${plural(hosts.degraded, 'host')} with a source that does not work`,
    lagBatches > 0 && `${plural(lagBatches, 'batch', 'batches')} held but not yet read`,
  ].filter((part) => part !== false)
  if (parts.length === 0) return undefined
  return {
    says: `${parts.join(' · ')}. What is said below stops there for them.`,
    action: (
      <Link className="btn small" to={links.hosts()}>
        Show the hosts
      </Link>
    ),
  }
}

/** Hosts that fell silent, and what is wrong with the console itself. */
function Warnings({ warnings }: Pick<Overview, 'warnings'>) {
  return warnings.map(({ code, says, fix }) => (
    <Note key={says} shape={code === 'host-silent' ? 'silent' : 'degraded'} action={actions.get(code)}>
      <b>
        <Verbatim text={says} />
      </b>{' '}
      {fix}
    </Note>
  ))
}

const actions = new Map([
  ['recovery-key-waits', <ToKeys key="keys" />],
  ['host-silent', <ToSilent key="silent" />],
])

function ToSilent() {
  return (
    <Link className="btn small" to={links.hosts({ status: 'silent' })}>
      Silent hosts
    </Link>
  )
}

function ToKeys() {
  return (
    <Link className="btn small" to={links.settings('keys')}>
      Keys
    </Link>
  )
}

function Content({ overview }: { overview: Overview }) {
  const { hosts, warnings, checklist, incidents } = overview
  const isNew = hosts.total === 0
  return (
    <div className="stack">
      {isNew && <Checklist steps={checklist} />}
      <RowTiles rows={overview.rows} />
      <Deadlines incidents={incidents} />
      <Warnings warnings={warnings} />
      <div className="cols halves">
        <CoveragePanel overview={overview} />
        <div className="stack">
          <FindingsPanel overview={overview} />
          <SightingsPanel sightings={overview.sightings} />
          {!isNew && <Checklist steps={checklist} />}
        </div>
      </div>
    </div>
  )
}
