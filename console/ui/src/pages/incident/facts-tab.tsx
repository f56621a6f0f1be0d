import type { Fact, IncidentDetail } from '@tidewaiter/protocol/api'
import { useCallback, useEffect, useState } from 'react'
import { Note } from '../../components/note.tsx'
import { useForbidden } from '../../components/permission.ts'
import { links } from '../../links.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary, type FieldProblem } from '../../ui/error-summary.tsx'
import { Link } from '../../ui/link.tsx'
import { say } from '../../ui/toast.tsx'
import { NextDeadline } from './deadline.tsx'
import { FactField } from './facts/fact-field.tsx'
import { type FieldReport, type FieldReports, firstControlOf } from './facts/field-report.ts'
import { KnownIocs } from './facts/known-iocs.tsx'
import { sectionBeforeIocs } from './facts/notice.ts'
import { Preview } from './facts/preview.tsx'
import { StandingLine } from './facts/standing-line.tsx'

/** The facts CBP asks for, in CBP's order; each keeps itself. Beside them what the SOC will read. */
export function FactsTab({ incident }: { incident: IncidentDetail }) {
  const { reports, report } = useReports()
  const [check, setCheck] = useState({ round: 0, problems: [] as readonly FieldProblem[] })
  const forbidden = useForbidden('report')
  const run = () => {
    const problems = problemsOf(incident.facts, reports)
    setCheck({ round: check.round + 1, problems })
    if (problems.length === 0) say('Every fact is answered. A package can be built.')
  }
  return (
    <div className="cols facts-cols">
      <form className="form" aria-label="Facts" noValidate onSubmit={(event) => event.preventDefault()}>
        <NextDeadline clocks={incident.clocks} />
        {forbidden !== undefined && <Note shape="info">You can read the facts and not change them: {forbidden}.</Note>}
        <ErrorSummary key={check.round} problems={check.problems} until="before the facts are complete" />
        <fieldset className="form" disabled={forbidden !== undefined}>
          <legend className="vh">Facts, in CBP’s order</legend>
          {sectionsOf(incident.facts).map(({ name, facts }, at) => (
            <section key={name} aria-labelledby={`section-${at}`}>
              <h2 id={`section-${at}`}>
                {at + 1} {name} <span className="meta">{standingOf(facts)}</span>
              </h2>
              {facts.map((fact) => (
                <FactField key={fact.field} incident={incident.id} fact={fact} onReport={report} />
              ))}
              {facts.length === 0 && <KnownIocs incident={incident} />}
            </section>
          ))}
        </fieldset>
        <div className="sticky-foot">
          <StandingLine incident={incident} reports={reports} />
          <Button onClick={run}>Check facts</Button>
          <Link className="btn primary" to={links.incident(incident.id, 'packages')}>
            Build package
          </Link>
        </div>
      </form>
      <Preview incident={incident} />
    </div>
  )
}

/** How every field stands. While one is not saved, leaving the page asks first. */
function useReports() {
  const [reports, setReports] = useState<FieldReports>({})
  const report = useCallback(
    (field: string, one: FieldReport) => setReports((before) => ({ ...before, [field]: one })),
    [],
  )
  const isUnsaved = Object.values(reports).some((one) => one.isUnsaved)
  useEffect(() => {
    if (!isUnsaved) return
    const hold = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', hold)
    return () => window.removeEventListener('beforeunload', hold)
  }, [isUnsaved])
  return { reports, report }
}

interface Section {
  name: string
  /** None for known indicators, which nobody types. */
  facts: readonly Fact[]
}

function sectionsOf(facts: readonly Fact[]): Section[] {
  const sections = [...Map.groupBy(facts, ({ section }) => section)].map(([name, own]) => ({ name, facts: own }))
  const after = sections.findIndex(({ name }) => name === sectionBeforeIocs) + 1 || sections.length
  return sections.toSpliced(after, 0, { name: 'Known indicators', facts: [] })
}

function standingOf(facts: readonly Fact[]): string {
  if (facts.length === 0) return ''
  const answered = facts.filter(({ state }) => state !== 'unanswered').length
  return answered === facts.length ? 'Answered' : `${answered} of ${facts.length} answered`
}

/** What is to be fixed, and what is not answered at all; "not known yet" is an answer. */
function problemsOf(facts: readonly Fact[], reports: FieldReports): FieldProblem[] {
  return facts.flatMap((fact) => {
    const { label, field, state } = fact
    const trouble = reports[field]?.trouble
    if (trouble !== undefined) return [{ id: trouble.control, text: `${label}: ${trouble.says}` }]
    return state === 'unanswered'
      ? [{ id: firstControlOf(fact), text: `${label}: answer it, or choose “Not known yet”` }]
      : []
  })
}
