import { useQuery } from '@tanstack/react-query'
import type { HostDetail } from '@tidewaiter/protocol/api'
import type { ReactNode } from 'react'
import { hostQuery } from '../api/hosts.ts'
import { useTopics } from '../api/live.ts'
import { StatusMark } from '../components/host-status.tsx'
import { Note } from '../components/note.tsx'
import { Page } from '../components/page.tsx'
import { SearchHost } from '../components/search-host.tsx'
import { shortId, useSharedNames } from '../components/shared-names.ts'
import { Skeleton, Stateful } from '../components/stateful.tsx'
import { type HostTab, links } from '../links.ts'
import { escapeText } from '../ui/escape.ts'
import { useKeys } from '../ui/keys.ts'
import { useGo } from '../ui/link.tsx'
import { count } from '../ui/numbers.ts'
import { Tabs } from '../ui/tabs.tsx'
import { skewText } from '../ui/time.ts'
import { TimeText } from '../ui/time-text.tsx'
import { useParam } from '../ui/url.ts'
import { Verbatim } from '../ui/verbatim.tsx'
import { EventList } from './host/event-list.tsx'
import { HealthTab } from './host/health-tab.tsx'
import { lenses } from './host/lenses.tsx'
import { SummaryTab } from './host/summary-tab.tsx'

const tabs: readonly { id: HostTab; text: string }[] = [
  { id: 'summary', text: 'Summary' },
  { id: 'events', text: 'Events' },
  { id: 'processes', text: 'Processes' },
  { id: 'network', text: 'Network' },
  { id: 'logins', text: 'Logins' },
  { id: 'health', text: 'Health' },
]

/** One host: what we hold of it and what it did. A silent one stays readable. */
export function HostPage() {
  const id = useParam('id')
  const wanted = useParam('tab')
  const tab = tabs.find((known) => known.id === wanted)?.id ?? 'summary'
  const query = useQuery(hostQuery(id))
  const go = useGo()
  useTopics(`host:${id}`)
  useKeys(
    tabs.map((known, at) => ({
      keys: `${at + 1}`,
      label: known.text,
      group: 'Host',
      run: () => go(links.host(id, known.id)),
    })),
  )
  const host = query.data
  const name = host === undefined ? 'Host' : escapeText(host.name)
  const isShared = useSharedNames().has(host?.name.toLowerCase() ?? '')
  return (
    <Page
      title={name}
      crumbs={[{ text: 'Hosts', to: links.hosts() }]}
      mark={
        host && (
          <>
            {isShared && <span className="host-id">{shortId(id)}</span>}
            <StatusMark status={host.status} silence={host.silence} />
          </>
        )
      }
      sub={host && <Sub host={host} />}
      actions={host && <SearchHost host={host} />}
    >
      <Tabs
        label="Host"
        tabs={tabs.map(({ id: own, text }) => ({
          to: links.host(id, own),
          text,
          isCurrent: own === tab,
          ...numberOf(own, host),
        }))}
      />
      <Stateful query={query} noun="the host" skeleton={<Skeleton rows={12} />}>
        {(detail) => (
          <>
            <Standing host={detail} />
            {shownIn(tab, detail)}
          </>
        )}
      </Stateful>
    </Page>
  )
}

function numberOf(tab: HostTab, host: HostDetail | undefined): { n?: string } {
  if (host === undefined) return {}
  if (tab === 'health' && host.irregularities.length > 0) return { n: count(host.irregularities.length) }
  return tab === 'summary' && host.openFindings > 0 ? { n: `${count(host.openFindings)} new` } : {}
}

function shownIn(tab: HostTab, host: HostDetail): ReactNode {
  if (tab === 'summary') return <SummaryTab host={host} />
  if (tab === 'health') return <HealthTab host={host} />
  return <EventList key={tab} host={host} tab={tab} lens={lenses[tab]} />
}

function Sub({ host: { os, agent, kind, clockOffsetMs, lastSeenAt } }: { host: HostDetail }) {
  return (
    <>
      <Verbatim text={os} /> · {kind === 'agent' ? `agent ${agent}` : kind} ·{' '}
      {clockOffsetMs === null ? 'clock not measured' : `clock ${skewText(clockOffsetMs)}`} ·{' '}
      {lastSeenAt === null ? (
        'never seen'
      ) : (
        <>
          seen <TimeText at={lastSeenAt} precision="second" />
        </>
      )}
    </>
  )
}

/** Why the host is not simply online. */
function Standing({ host: { status, silence, why, lastSeenAt } }: { host: HostDetail }) {
  if (status === 'online' || why === undefined) return null
  return (
    <Note shape={status === 'silent' ? 'silent' : 'lagging'}>
      {silence !== undefined && !silence.isExpected && <b>This is an alarm. </b>}
      <Verbatim text={why} />
      {status === 'silent' && lastSeenAt !== null && (
        <>
          {' '}
          What is below is as of <TimeText at={lastSeenAt} /> and stays readable.
        </>
      )}
    </Note>
  )
}
