import { useQuery } from '@tanstack/react-query'
import { recordQuery } from '../api/events.ts'
import { AddToIncident } from '../components/add-to-incident.tsx'
import { summaryOf } from '../components/event-text.ts'
import { Page } from '../components/page.tsx'
import { Around } from '../components/record/record-drawer.tsx'
import { RecordView } from '../components/record/record-view.tsx'
import { links } from '../links.ts'
import { escapeText } from '../ui/escape.ts'
import { useParam } from '../ui/url.ts'

/** One record as a page of its own. */
export function RecordPage() {
  const id = [useParam('host'), useParam('seq'), useParam('index')].join('/')
  const event = useQuery(recordQuery(id)).data?.event
  return (
    <Page
      title={event ? escapeText(summaryOf(event.document)).slice(0, 160) : 'Record'}
      here="Record"
      crumbs={[{ text: 'Search', to: links.search() }]}
      actions={
        <>
          <AddToIncident item={{ kind: 'record', ref: id }} />
          {event && <Around event={event} />}
        </>
      }
    >
      <div className="stack sheet">
        <h2 className="vh">About the record</h2>
        <RecordView id={id} />
      </div>
    </Page>
  )
}
