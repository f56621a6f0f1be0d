import { useQuery } from '@tanstack/react-query'
import type { EventRow } from '@tidewaiter/protocol/api'
import type { ReactNode } from 'react'
import { recordQuery } from '../../api/events.ts'
import { links } from '../../links.ts'
import { Drawer } from '../../ui/drawer.tsx'
import { Link } from '../../ui/link.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { AddToIncident } from '../add-to-incident.tsx'
import { summaryOf } from '../event-text.ts'
import { SearchHost } from '../search-host.tsx'
import type { Narrow } from './fields.tsx'
import { RecordView } from './record-view.tsx'

const aroundMs = 5 * 60_000

interface Props {
  id: string
  /** What stands above the title: place in the list, or the way back. */
  mark: ReactNode
  onClose: () => void
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
  onNarrow?: Narrow | undefined
}

/** A record beside the list it stands in. */
export function RecordDrawer({ id, mark, onClose, onPrevious, onNext, onNarrow }: Props) {
  const event = useQuery(recordQuery(id)).data?.event
  return (
    <Drawer
      title={event ? <Verbatim text={summaryOf(event.document)} /> : 'Record'}
      mark={mark}
      noun="record"
      onClose={onClose}
      onPrevious={onPrevious}
      onNext={onNext}
      footer={
        <>
          <AddToIncident item={{ kind: 'record', ref: id }} />
          {event && <Around event={event} />}
          <Link className="btn" to={links.record(id)}>
            Own page
          </Link>
        </>
      }
    >
      <RecordView id={id} onNarrow={onNarrow} />
    </Drawer>
  )
}

/** Everything on the same host shortly before and after. */
export function Around({ event }: { event: EventRow }) {
  const at = Date.parse(event.at)
  const iso = (ms: number) => new Date(ms).toISOString()
  const within = { from: iso(at - aroundMs), to: iso(at + aroundMs), order: 'oldest' } as const
  return <SearchHost host={event.host} text="± 5 min, same host" within={within} />
}
