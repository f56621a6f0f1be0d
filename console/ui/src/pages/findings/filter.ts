import type { Finding, Severity } from '@tidewaiter/protocol/api'
import { severities } from '../../components/severity.tsx'
import type { FindingsUrl } from '../../links.ts'

type Filters = Pick<FindingsUrl, 'verdicts' | 'detectors' | 'severities' | 'host'>

/** Nothing chosen in a group means that the group does not filter. */
function isIn(value: string, chosen: readonly string[]): boolean {
  return chosen.length === 0 || chosen.includes('none') || chosen.includes(value)
}

export function matches(finding: Finding, filters: Filters): boolean {
  return (
    isIn(finding.verdict, filters.verdicts) &&
    isIn(finding.detector, filters.detectors) &&
    isIn(finding.severity, filters.severities) &&
    (filters.host === '' || finding.host?.id === filters.host)
  )
}

const rank = (severity: Severity) => severities.indexOf(severity)

/** New ones first, then the worst, then the latest. */
export function byUrgency(a: Finding, b: Finding): number {
  const isNew = Number(b.verdict === 'open') - Number(a.verdict === 'open')
  return isNew || rank(a.severity) - rank(b.severity) || (a.lastAt < b.lastAt ? 1 : -1)
}

/** How many findings each value of a group would show, with the other groups as they are. */
export function countsOf(
  findings: readonly Finding[],
  filters: Filters,
): Record<'verdicts' | 'detectors' | 'severities', Map<string, number>> {
  const within = (group: keyof Filters, read: (finding: Finding) => string) => {
    const counts = new Map<string, number>()
    for (const finding of findings)
      if (matches(finding, { ...filters, [group]: [] })) counts.set(read(finding), (counts.get(read(finding)) ?? 0) + 1)
    return counts
  }
  return {
    verdicts: within('verdicts', ({ verdict }) => verdict),
    detectors: within('detectors', ({ detector }) => detector),
    severities: within('severities', ({ severity }) => severity),
  }
}

/** What stands in the address after a box was ticked or cleared. */
export function toggled(chosen: readonly string[], value: string): readonly string[] {
  const real = chosen.filter((one) => one !== 'none')
  return real.includes(value) ? real.filter((one) => one !== value) : [...real, value]
}

export interface Hiding {
  /** The group and its words. */
  group: 'verdicts' | 'detectors' | 'severities' | 'host'
  count: number
}

/** The filter without which most findings would show; undefined when none alone hides anything. */
export function mostHiding(findings: readonly Finding[], filters: Filters): Hiding | undefined {
  const groups = ['verdicts', 'detectors', 'severities', 'host'] as const
  const without = groups.map((group) => ({
    group,
    count: findings.filter((one) => matches(one, { ...filters, [group]: group === 'host' ? '' : [] })).length,
  }))
  const [best] = without.sort((a, b) => b.count - a.count)
  return best !== undefined && best.count > 0 ? best : undefined
}
