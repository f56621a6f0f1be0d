import { useQuery } from '@tanstack/react-query'
import { findingQuery } from '../api/findings.ts'
import { DecisionBar } from '../components/finding/decision-bar.tsx'
import { useDecisions } from '../components/finding/decisions.ts'
import { FindingBody } from '../components/finding/finding-body.tsx'
import { Page } from '../components/page.tsx'
import { SeverityChip, verdictWords } from '../components/severity.tsx'
import { Skeleton, Stateful } from '../components/stateful.tsx'
import { links } from '../links.ts'
import { escapeText } from '../ui/escape.ts'
import { useParam } from '../ui/url.ts'

/** One finding as a page of its own: to be linked to. */
export function FindingPage() {
  const id = useParam('id')
  const query = useQuery(findingQuery(id))
  const decisions = useDecisions()
  const finding = query.data
  return (
    <Page
      title={finding === undefined ? 'Finding' : escapeText(finding.title)}
      here={id}
      crumbs={[{ text: 'Findings', to: links.findings({}) }]}
      mark={finding && <SeverityChip severity={finding.severity} />}
      sub={finding && verdictWords[finding.verdict]}
    >
      <Stateful query={query} noun="the finding" skeleton={<Skeleton rows={10} />}>
        {(shown) => (
          <div className="stack sheet">
            <h2 className="vh">About the finding</h2>
            <div className="actions">
              <DecisionBar finding={shown} decisions={decisions} />
            </div>
            <FindingBody finding={shown} recordHref={links.record} />
          </div>
        )}
      </Stateful>
    </Page>
  )
}
