import { useQuery } from '@tanstack/react-query'
import type { IncidentRow } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { incidentsQuery } from '../api/incidents.ts'
import { useTopics } from '../api/live.ts'
import type { EmptyState } from '../components/empty.tsx'
import { Page } from '../components/page.tsx'
import { useHeld } from '../components/permission.ts'
import { Skeleton, Stateful } from '../components/stateful.tsx'
import { links } from '../links.ts'
import { Button } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { useNow } from '../ui/now.ts'
import { count } from '../ui/numbers.ts'
import { useZone } from '../ui/preferences.ts'
import { columnsIn } from './incidents/columns.tsx'
import { OpenForm } from './incidents/open-form.tsx'

/** What the broker works in: each incident with its clock and how far its facts are. */
export function IncidentsPage() {
  const query = useQuery(incidentsQuery)
  const [isOpening, setOpening] = useState(false)
  const held = useHeld('report')
  const zone = useZone()
  const now = useNow(60_000)
  useTopics('overview')
  const open = () => setOpening(true)
  const button = (
    <Button kind="primary" blocked={held} onClick={open}>
      Open an incident
    </Button>
  )
  return (
    <Page
      title="Incidents"
      sub={query.data && subOf(query.data.rows)}
      actions={isOpening || query.data?.rows.length === 0 ? undefined : button}
    >
      {isOpening && <OpenForm onClose={() => setOpening(false)} />}
      <Stateful
        query={query}
        noun="incidents"
        skeleton={<Skeleton rows={4} />}
        empty={({ rows }) => (rows.length > 0 ? undefined : emptyWith(isOpening ? undefined : button))}
      >
        {({ rows }) => (
          <DataTable
            label="Incidents"
            columns={columnsIn(zone, now)}
            rows={rows}
            keyOf={({ id }) => id}
            hrefOf={({ id }) => links.incident(id)}
          />
        )}
      </Stateful>
    </Page>
  )
}

function subOf(rows: readonly IncidentRow[]): string {
  return `${count(rows.filter(({ closedAt }) => closedAt === null).length)} open · ${count(rows.length)} in all`
}

function emptyWith(actions: EmptyState['actions']): EmptyState {
  return {
    kind: 'nothing-yet',
    title: 'No incident yet',
    says: 'Open one when you know or suspect a breach, however little is known: it keeps the 72-hour clock, the facts CBP asks for, and the package.',
    ...(actions !== undefined && { actions }),
  }
}
