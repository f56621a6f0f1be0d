import { useQuery } from '@tanstack/react-query'
import type { HostDetail } from '@tidewaiter/protocol/api'
import { detectorsQuery, findingsQuery } from '../../api/findings.ts'
import { nothingFoundOn } from '../../components/finding/nothing-found.ts'
import { SeverityChip, verdictWords } from '../../components/severity.tsx'
import { Stateful } from '../../components/stateful.tsx'
import { links } from '../../links.ts'
import { Link } from '../../ui/link.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Verbatim } from '../../ui/verbatim.tsx'

export function FindingsHere({ host }: { host: HostDetail }) {
  const query = useQuery(findingsQuery({ host: host.id }))
  const detectors = useQuery(detectorsQuery)
  return (
    <Panel title="Findings here" end={<Link to={links.findings({ verdicts: [], host: host.id })}>In the queue</Link>}>
      <Stateful query={detectors} noun="detectors">
        {(known) => (
          <Stateful
            query={query}
            noun="findings"
            empty={({ rows }) => (rows.length > 0 ? undefined : nothingFoundOn(host.id, known.rows))}
          >
            {({ rows }) => (
              <ul className="plain-list one-line">
                {rows.slice(0, 8).map(({ id, severity, title, verdict }) => (
                  <li key={id}>
                    <SeverityChip severity={severity} />
                    <Link to={links.findings({ verdicts: [], host: host.id, open: id })}>
                      <Verbatim text={title} />
                    </Link>
                    <span className="meta end">{verdictWords[verdict]}</span>
                  </li>
                ))}
              </ul>
            )}
          </Stateful>
        )}
      </Stateful>
    </Panel>
  )
}
