import type { Finding } from '@tidewaiter/protocol/api'
import { useRef } from 'react'
import { HostName } from '../../components/host-name.tsx'
import { SeverityCell, severityWords, verdictWords } from '../../components/severity.tsx'
import { type FindingsUrl, links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { count } from '../../ui/numbers.ts'
import { useRowKeys } from '../../ui/row-keys.ts'
import { TimeText } from '../../ui/time-text.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

/** The findings to decide on; arrows, j and k move in it, Enter opens. */
export function Queue({ rows, url }: { rows: readonly Finding[]; url: FindingsUrl }) {
  const list = useRef<HTMLOListElement>(null)
  const { active, onKeyDown } = useRowKeys(
    list,
    rows.length,
    rows.findIndex(({ id }) => id === url.open),
  )
  return (
    <ol className="queue" ref={list} onKeyDown={onKeyDown}>
      {rows.map((finding, at) => (
        <li key={finding.id} className={finding.verdict === 'open' ? undefined : 'done'}>
          <Link
            to={links.findings({ ...url, open: finding.id, record: '' })}
            data-row={at}
            tabIndex={at === active ? 0 : -1}
            {...(finding.id === url.open && { 'aria-current': 'true' as const })}
          >
            <SeverityCell severity={finding.severity} />
            <span className="t">
              <Verbatim text={finding.title} />
            </span>
            <span className="m">
              <span>{severityWords[finding.severity]}</span>
              <span>{finding.host === null ? 'Fleet' : <HostName host={finding.host} />}</span>
              {finding.count > 1 && <span>×{count(finding.count)}</span>}
              <TimeText at={finding.lastAt} precision="minute" date="short" />
              <span className="state">{verdictWords[finding.verdict]}</span>
            </span>
          </Link>
        </li>
      ))}
    </ol>
  )
}
