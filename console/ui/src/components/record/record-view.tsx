import { useQuery } from '@tanstack/react-query'
import type { EventRow, RecordDetail } from '@tidewaiter/protocol/api'
import { recordQuery } from '../../api/events.ts'
import { links } from '../../links.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Link } from '../../ui/link.tsx'
import { count } from '../../ui/numbers.ts'
import { skewText } from '../../ui/time.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { HostName } from '../host-name.tsx'
import { Stateful } from '../stateful.tsx'
import { Fields, type Narrow } from './fields.tsx'
import { ProofLine } from './proof-line.tsx'
import { RawBytes } from './raw-bytes.tsx'

/** One record: its bytes first, then its proof, then what we read from it. */
export function RecordView({ id, onNarrow }: { id: string; onNarrow?: Narrow | undefined }) {
  const query = useQuery(recordQuery(id))
  return (
    <Stateful query={query} noun="the record">
      {(detail) => (
        <>
          <section>
            <RawBytes base64={detail.bytes} />
            <ProofLine detail={detail} />
          </section>
          <section>
            <h3>What we read from it</h3>
            {detail.event === null ? (
              <p className="muted">
                No decoder has read this record, or it is still being indexed. The bytes are kept.
              </p>
            ) : (
              <Fields document={detail.event.document} onNarrow={onNarrow} />
            )}
          </section>
          <Origin detail={detail} />
        </>
      )}
    </Stateful>
  )
}

/** When it happened, by both clocks: they are as far apart as the host's clock is off. */
function Times({ event: { at, hostAt } }: { event: EventRow }) {
  const offMs = Date.parse(hostAt) - Date.parse(at)
  return (
    <>
      <dt>Happened</dt>
      <dd>
        <TimeText at={hostAt} /> <span className="meta">host clock</span>
        <br />
        <TimeText at={at} />{' '}
        <span className="meta">console clock{offMs === 0 ? '' : `; the host’s was ${skewText(offMs)}`}</span>
      </dd>
    </>
  )
}

/** Where the record comes from and when it was read, received and written down. */
function Origin({ detail }: { detail: RecordDetail }) {
  const { head, event } = detail
  const [host = ''] = detail.record.split('/')
  return (
    <section>
      <h3>Where it comes from</h3>
      <dl className="facts">
        <dt>Host</dt>
        <dd>
          <Link to={links.host(host.split('~')[0] ?? host)}>
            {event ? <HostName host={event.host} /> : <Verbatim text={host} />}
          </Link>
        </dd>
        <dt>Source</dt>
        <dd className="mono">
          <Verbatim text={head.source} />
        </dd>
        <dt>Read by</dt>
        <dd>
          <Verbatim text={head.method} />, {head.unit === 'byte' ? 'byte' : 'row'} {count(detail.position)}
        </dd>
        {event && <Times event={event} />}
        <dt>Read</dt>
        <dd>
          <TimeText at={head.readAt} /> <span className="meta">host clock</span>
        </dd>
        <dt>Received</dt>
        <dd>
          <TimeText at={detail.receivedAt} />{' '}
          <span className="meta">ledger position {count(detail.ledgerPosition)}</span>
        </dd>
        <dt>Id</dt>
        <dd className="mono">
          {detail.record} <CopyButton text={detail.record} label="the id of the record" />
        </dd>
      </dl>
    </section>
  )
}
