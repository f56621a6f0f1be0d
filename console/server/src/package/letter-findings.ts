import type { DetectorCard, Finding } from '@tidewaiter/protocol/api'
import { counted } from '@tidewaiter/protocol/counted'
import { cbpRows } from '../cbp.ts'
import { besideText, byTime } from './beside.ts'
import type { PackageContent } from './content.ts'
import { type Block, heading, list, paragraph, table } from './page.ts'
import { shown } from './shown.ts'

/** Ids of records that stand beside a finding; all of them are in the summary. */
const mostRecords = 10

/** The eight rows of CBP's table, then each finding. A row nobody looked at says so. */
export function findingBlocks(content: PackageContent): Block[] {
  const { findings } = content.state
  return [
    heading('The indicators of CBP Pub. 3526-0124'),
    table(
      'Row by row: whether it was looked at, and what was found',
      ['Row', 'Looked at', 'Findings in this incident', 'Held and not in this incident'],
      cbpRows.map((row) => [
        row,
        lookedAt(row, content),
        countsOf(findings.filter((finding) => finding.row === row)),
        heldBeside(row, content),
      ]),
    ),
    ...besideBlocks(content),
    heading('Findings'),
    ...(findings.length === 0 ? [paragraph('No finding is part of this incident.')] : []),
    ...findings.flatMap((finding) => blocksOf(finding, content)),
  ]
}

function lookedAt(row: string, { state }: PackageContent): string {
  const detectors = state.detectors.filter((detector) => detector.row === row)
  if (detectors.length === 0) return 'Not looked: this version has no detector for it'
  const sees = new Set(detectors.flatMap((detector) => detector.sees))
  const says = `On ${sees.size} of ${state.hosts.length} hosts`
  return sees.size < state.hosts.length ? `${says}. Not looked on the others: nothing it reads arrived from them` : says
}

function heldBeside(row: string | null, { state: { beside } }: PackageContent): string {
  if (beside === undefined) return 'Not counted'
  const { inside, outside } = byTime(beside.filter((each) => each.row === row))
  const parts = [besideText(inside), outside === 0 ? '' : `${outside} outside the time of the incident`]
  return parts.filter((text) => text !== '').join('; ') || 'None'
}

/** What "held and not in this incident" means, and what of it belongs to none of the rows. */
function besideBlocks(content: PackageContent): Block[] {
  const { beside = [], time } = content.state
  if (beside.length === 0) return []
  const when = time === undefined ? 'at any time' : `from ${time.from} to ${time.to}, the time of the incident`
  const others = heldBeside(null, content)
  return [
    paragraph(
      `Held and not in this incident: findings on any host of this console, ${when}, that nobody put into it. Nothing ` +
        'more of them is in this package. What is not decided may belong to this incident or not: nobody has judged it yet.' +
        (others === 'None' ? '' : ` Of none of these rows: ${others}.`),
    ),
  ]
}

function countsOf(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'None'
  const counts = new Map<string, number>()
  for (const { verdict } of findings) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  return [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')
}

function blocksOf(finding: Finding, { state, disclosure }: PackageContent): Block[] {
  const { title, severity, subject, firstAt, lastAt, count, records, why, host } = finding
  const given = records.slice(0, mostRecords)
  const more = records.length - given.length
  const card = state.detectors.find(({ id }) => id === finding.detector)
  return [
    heading(shown(title), 3),
    list([
      `Severity ${severity}; ${verdictOf(finding)}`,
      `Host: ${host === null ? 'several' : shown(host.name)}. About: ${subject.type} ${shown(subject.value)}`,
      `From ${firstAt} to ${lastAt}, ${counted(count, 'time')}`,
      ...why.map(shown),
      ...doubtsOf(card),
      `Records: ${given.map((id) => (isWithheld(id, disclosure) ? `${id} (withheld)` : id)).join(', ')}` +
        (more > 0 ? ` and ${more} more in 20_incident_summary.json` : ''),
    ]),
  ]
}

function verdictOf({ verdict, decidedBy, decidedAt, reason }: Finding): string {
  if (decidedBy === undefined) return `verdict ${verdict}`
  return `verdict ${verdict}, by ${shown(decidedBy)} at ${decidedAt ?? 'an unknown time'}: ${shown(reason ?? '')}`
}

function doubtsOf(card: DetectorCard | undefined): string[] {
  if (card === undefined) return []
  return [
    `What else it could be: ${card.falsePositives.join('; ')}`,
    `What the detector does not see: ${card.knownGap}`,
  ]
}

function isWithheld(id: string, { withheld }: PackageContent['disclosure']): boolean {
  return withheld.some(({ record }) => record === id)
}
