import { useQuery } from '@tanstack/react-query'
import type { Finding, IncidentItem, Sighting } from '@tidewaiter/protocol/api'
import { recordLineQuery } from '../../../api/events.ts'
import { summaryOf } from '../../../components/event-text.ts'
import { wordsOf } from '../../../components/problem-note.tsx'
import { SeverityCell, verdictWords } from '../../../components/severity.tsx'
import { links } from '../../../links.ts'
import { Link } from '../../../ui/link.tsx'
import { plural } from '../../../ui/numbers.ts'
import { TimeText } from '../../../ui/time-text.tsx'
import { Verbatim } from '../../../ui/verbatim.tsx'
import { ItemRow } from './item-row.tsx'
import type { Removal } from './use-removal.ts'

interface Props {
  item: IncidentItem
  removal: Removal
}

const HostLink = ({ host }: { host: { id: string; name: string } }) => (
  <Link to={links.host(host.id)}>
    <Verbatim text={host.name} />
  </Link>
)

export function FindingRow({ item, removal, finding }: Props & { finding: Finding | undefined }) {
  if (finding === undefined)
    return (
      <ItemRow item={item} removal={removal} what={`finding ${item.ref}`} name={`Finding ${item.ref}`}>
        <td>–</td>
        <td>Not held any more</td>
      </ItemRow>
    )
  return (
    <ItemRow
      item={item}
      removal={removal}
      what={finding.title}
      name={
        <span className="marked">
          <SeverityCell severity={finding.severity} />
          <Link to={links.finding(finding.id)}>
            <Verbatim text={finding.title} />
          </Link>
        </span>
      }
    >
      <td>{finding.host === null ? 'Fleet' : <HostLink host={finding.host} />}</td>
      <td>{verdictWords[finding.verdict]}</td>
    </ItemRow>
  )
}

export function SightingRow({ item, removal, sighting }: Props & { sighting: Sighting | undefined }) {
  if (sighting === undefined)
    return (
      <ItemRow item={item} removal={removal} what={`sighting ${item.ref}`} name={`Sighting ${item.ref}`}>
        <td>–</td>
        <td>Not in the index now</td>
      </ItemRow>
    )
  const { id, indicator, observable, host } = sighting
  return (
    <ItemRow
      item={item}
      removal={removal}
      what={`${observable.value} on ${host.name}`}
      name={
        <Link className="mono" to={links.indicators('sightings', indicator.id, { open: id })}>
          <Verbatim text={observable.value} />
        </Link>
      }
    >
      <td>
        <HostLink host={host} />
      </td>
      <td>{plural(sighting.count, 'time')}</td>
    </ItemRow>
  )
}

export function RecordRow({ item, removal }: Props) {
  const { data, error } = useQuery(recordLineQuery(item.ref))
  const event = data?.event
  const text = event == null ? item.ref : summaryOf(event.document)
  return (
    <ItemRow
      item={item}
      removal={removal}
      what={`record ${text.slice(0, 80)}`}
      name={
        <Link to={links.record(item.ref)}>
          <Verbatim text={text.slice(0, 300)} />
        </Link>
      }
    >
      <td>{event == null ? '–' : <HostLink host={event.host} />}</td>
      <td>
        {event != null ? (
          <TimeText at={event.at} precision="second" />
        ) : error === null ? (
          'No event of it'
        ) : (
          `Not read: ${wordsOf(error).detail}`
        )}
      </td>
    </ItemRow>
  )
}
