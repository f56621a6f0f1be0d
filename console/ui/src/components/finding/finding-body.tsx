import { useQuery } from '@tanstack/react-query'
import type { Finding } from '@tidewaiter/protocol/api'
import { detectorsQuery } from '../../api/findings.ts'
import { links } from '../../links.ts'
import { type Href, Link } from '../../ui/link.tsx'
import { plural } from '../../ui/numbers.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'
import { HostName } from '../host-name.tsx'
import { pivotQuery } from './pivot.ts'
import { RecordLines } from './record-lines.tsx'

/** Why it was found, the records that show it, what would disprove it, and what to do next. */
export function FindingBody({ finding, recordHref }: { finding: Finding; recordHref: (id: string) => Href }) {
  const detector = useQuery(detectorsQuery).data?.rows.find(({ id }) => id === finding.detector)
  const { row, why, subject, host, firstAt, lastAt } = finding
  return (
    <>
      <section>
        <h3>Why</h3>
        <ul className="why">
          {why.map((line) => (
            <li key={line}>
              <Verbatim text={line} />
            </li>
          ))}
        </ul>
        {row !== undefined && <p className="meta">CBP’s words: “{row}.”</p>}
      </section>
      <RecordLines ids={finding.records} total={finding.count} hrefOf={recordHref} />
      <section>
        <h3>Who and when</h3>
        <dl className="facts">
          <dt>{subject.type === 'host' ? 'About' : `The ${subject.type}`}</dt>
          <dd className="mono">
            <Verbatim text={subject.value} />
          </dd>
          <dt>Host</dt>
          <dd>
            {host === null ? (
              'The whole fleet'
            ) : (
              <Link to={links.host(host.id)}>
                <HostName host={host} />
              </Link>
            )}
          </dd>
          <dt>First</dt>
          <dd>
            <TimeText at={firstAt} />
          </dd>
          <dt>Last</dt>
          <dd>
            <TimeText at={lastAt} /> <span className="meta">{plural(finding.count, 'time')}</span>
          </dd>
          <dt>Detector</dt>
          <dd>{detector?.title ?? finding.detector}</dd>
        </dl>
      </section>
      <Decided finding={finding} />
      {detector !== undefined && (
        <>
          <section>
            <h3>What would disprove it</h3>
            <ul className="why">
              {detector.falsePositives.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
            <p className="meta">What it cannot see: {detector.knownGap}</p>
          </section>
          <section>
            <h3>Next</h3>
            <ul className="why">
              {detector.nextSteps.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          </section>
        </>
      )}
      <p>
        <Link className="btn small" to={links.search({ q: pivotQuery(subject), from: '-30d' })}>
          Look for this {subject.type} on all hosts
        </Link>
      </p>
    </>
  )
}

function Decided({ finding: { verdict, decidedBy, decidedAt, reason = '' } }: { finding: Finding }) {
  if (decidedBy === undefined || decidedAt === undefined) return null
  return (
    <section>
      <h3>Decision</h3>
      <p>
        {verdict === 'open'
          ? 'Taken back'
          : verdict === 'confirmed'
            ? 'Confirmed'
            : verdict === 'benign'
              ? 'Benign'
              : 'Needs more'}{' '}
        by <Verbatim text={decidedBy} /> at <TimeText at={decidedAt} />
        {reason !== '' && (
          <>
            : <Verbatim text={reason} />
          </>
        )}
      </p>
    </section>
  )
}
