import { useQuery } from '@tanstack/react-query'
import type { IncidentDetail } from '@tidewaiter/protocol/api'
import type { ReactNode } from 'react'
import { incidentQuery } from '../api/incidents.ts'
import { useTopics } from '../api/live.ts'
import { Page } from '../components/page.tsx'
import { Skeleton, Stateful } from '../components/stateful.tsx'
import { type IncidentTab, links } from '../links.ts'
import { escapeText } from '../ui/escape.ts'
import { useKeys } from '../ui/keys.ts'
import { useGo } from '../ui/link.tsx'
import { count } from '../ui/numbers.ts'
import { Tabs } from '../ui/tabs.tsx'
import { TimeText } from '../ui/time-text.tsx'
import { useParam } from '../ui/url.ts'
import { FactsTab } from './incident/facts-tab.tsx'
import { FindingsTab } from './incident/findings-tab.tsx'
import { OverviewTab } from './incident/overview-tab.tsx'
import { PackagesTab } from './incident/packages-tab.tsx'

const tabs: readonly { id: IncidentTab; text: string; shown: (incident: IncidentDetail) => ReactNode }[] = [
  { id: 'overview', text: 'Overview', shown: (incident) => <OverviewTab incident={incident} /> },
  { id: 'facts', text: 'Facts', shown: (incident) => <FactsTab key={incident.id} incident={incident} /> },
  { id: 'findings', text: 'Findings', shown: (incident) => <FindingsTab key={incident.id} incident={incident} /> },
  { id: 'packages', text: 'Packages', shown: (incident) => <PackagesTab key={incident.id} incident={incident} /> },
]

/** One incident: its deadlines, its facts, what was put into it, its packages. */
export function IncidentPage() {
  const id = useParam('id')
  const wanted = useParam('tab')
  const query = useQuery(incidentQuery(id))
  const go = useGo()
  const current = tabs.find((tab) => tab.id === wanted) ?? tabs[0]
  const incident = query.data
  useTopics(`incident:${id}`)
  useKeys(
    tabs.map((tab, at) => ({
      keys: `${at + 1}`,
      label: tab.text,
      group: 'Incident',
      run: () => go(links.incident(id, tab.id)),
    })),
  )
  return (
    <Page
      title={incident === undefined ? 'Incident' : escapeText(incident.name)}
      here={id}
      crumbs={[{ text: 'Incidents', to: links.incidents }]}
      sub={incident && <Sub incident={incident} />}
    >
      <Tabs
        label="Incident"
        tabs={tabs.map((tab) => ({
          to: links.incident(id, tab.id),
          text: tab.text,
          isCurrent: tab === current,
          ...numberOf(tab.id, incident),
        }))}
      />
      <Stateful query={query} noun="the incident" skeleton={<Skeleton rows={12} />}>
        {(detail) => current?.shown(detail)}
      </Stateful>
    </Page>
  )
}

function numberOf(tab: IncidentTab, incident: IncidentDetail | undefined): { n?: string } {
  if (incident === undefined) return {}
  if (tab === 'facts') return { n: `${incident.factsAnswered} of ${incident.factsTotal}` }
  if (tab === 'findings') return { n: count(incident.items.length) }
  return tab === 'packages' ? { n: count(incident.packages.length) } : {}
}

function Sub({ incident: { closedAt, openedAt } }: { incident: IncidentDetail }) {
  return (
    <>
      opened <TimeText at={openedAt} precision="minute" />
      {closedAt !== null && (
        <>
          , closed <TimeText at={closedAt} precision="minute" />
        </>
      )}
    </>
  )
}
