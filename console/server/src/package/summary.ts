import type { EarlierAnswer, Fact } from '@tidewaiter/protocol/api'
import { fieldOf } from '../incidents/fields.ts'
import type { PackageContent } from './content.ts'
import { formatCut } from './cut.ts'
import { masked } from './shown.ts'

/** `20_incident_summary.json`: the incident for a machine, and every record that is cited. One line. */
export function summaryOf({ number, choice, state, incident, ...content }: PackageContent): string {
  const { facts, clocks, items, importerNumbers, disclosure } = content
  const summary = {
    tw: 'incident/1',
    package: {
      incident: incident.id,
      number,
      ...choice,
      cut: formatCut(state.cut),
      at: state.at,
      software: state.software,
    },
    broker: state.broker,
    incident,
    facts: facts.map(factOf),
    importerNumbers,
    clocks,
    findings: state.findings.map((finding) => ({
      ...finding,
      title: masked(finding.title),
      why: finding.why.map(masked),
    })),
    beside: state.beside,
    sightings: state.sightings,
    items,
    detectors: state.detectors.map(({ id, row, sees, blind }) => ({ id, row, sees, blind })),
    hosts: state.hosts.map(({ coverage: _, ...host }) => host),
    indexed: state.indexed,
    cites: [...disclosure.cites.keys()],
    withheld: disclosure.withheld,
    strange: disclosure.strange,
  }
  return `${JSON.stringify(summary)}\n`
}

function factOf({ field, label, state, value, rev, by, at, reason, earlier }: Fact) {
  const { secret, movesClock } = fieldOf(field) ?? {}
  return {
    field,
    label,
    state,
    // Not even masked: the last four digits of an SSN are digits of it.
    value: secret === true ? '' : masked(value),
    rev,
    by,
    at,
    // What was typed on the way to another answer is nobody's business; how a legal time came to be what it is, is.
    ...(movesClock === true && { ...reasonOf(reason), earlier: earlier?.map(earlierOf) ?? [] }),
  }
}

function earlierOf({ reason, ...answer }: EarlierAnswer): EarlierAnswer {
  return { ...answer, ...reasonOf(reason) }
}

function reasonOf(reason: string | undefined): { reason?: string } {
  return reason === undefined ? {} : { reason: masked(reason) }
}
