import type { Finding } from '@tidewaiter/protocol/api'
import { DecisionBar } from '../../components/finding/decision-bar.tsx'
import type { Decisions } from '../../components/finding/decisions.ts'
import { FindingBody } from '../../components/finding/finding-body.tsx'
import { pivotQuery } from '../../components/finding/pivot.ts'
import { RecordDrawer } from '../../components/record/record-drawer.tsx'
import { SeverityChip, verdictWords } from '../../components/severity.tsx'
import { type FindingsUrl, links } from '../../links.ts'
import { Drawer } from '../../ui/drawer.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Link, useGo } from '../../ui/link.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

interface Props {
  finding: Finding
  /** The queue it stands in, in its order. */
  rows: readonly Finding[]
  url: FindingsUrl
  decisions: Decisions
}

/** A finding beside the queue; one of its records takes its place until it is closed again. */
export function FindingDrawer({ finding, rows, url, decisions }: Props) {
  const go = useGo()
  const to = (part: Partial<FindingsUrl>) => links.findings({ ...url, ...part })
  const at = rows.findIndex(({ id }) => id === finding.id)
  const turn = (index: number) => {
    const row = rows[index]
    return at < 0 || row === undefined ? undefined : () => go(to({ open: row.id, record: '' }), 'replace')
  }
  useKeys([
    {
      keys: 'p',
      label: 'Look for this on all hosts',
      group: 'Deciding',
      run: () => go(links.search({ q: pivotQuery(finding.subject), from: '-30d' })),
    },
  ])
  if (url.record !== '') return <OpenRecord finding={finding} url={url} />
  return (
    <Drawer
      noun="finding"
      title={<Verbatim text={finding.title} />}
      mark={
        <>
          <SeverityChip severity={finding.severity} />
          <span className="meta">{verdictWords[finding.verdict]}</span>
          <Link className="meta" to={links.finding(finding.id)}>
            Own page
          </Link>
        </>
      }
      onClose={() => go(to({ open: '', record: '' }), 'replace')}
      onPrevious={turn(at - 1)}
      onNext={turn(at + 1)}
      footer={<DecisionBar finding={finding} decisions={decisions} />}
    >
      <FindingBody finding={finding} recordHref={(record) => to({ record })} />
    </Drawer>
  )
}

function OpenRecord({ finding, url }: { finding: Finding; url: FindingsUrl }) {
  const go = useGo()
  const back = links.findings({ ...url, record: '' })
  const at = finding.records.indexOf(url.record)
  const turn = (index: number) => {
    const record = finding.records[index]
    return at < 0 || record === undefined ? undefined : () => go(links.findings({ ...url, record }), 'replace')
  }
  return (
    <RecordDrawer
      key={url.record}
      id={url.record}
      mark={
        <nav aria-label="Way back">
          <ol className="crumb">
            <li>
              <Link to={back}>Finding</Link>
            </li>
            <li aria-current="page">
              Record {at + 1} of {finding.records.length}
            </li>
          </ol>
        </nav>
      }
      onClose={() => go(back, 'replace')}
      onPrevious={turn(at - 1)}
      onNext={turn(at + 1)}
    />
  )
}
