import type { Severity, Verdict } from '@tidewaiter/protocol/api'
import { Shape } from '../ui/symbols.tsx'

export const severityWords: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
}

export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

export const verdictWords: Record<Verdict, string> = {
  open: 'New',
  inconclusive: 'Needs more',
  confirmed: 'Confirmed',
  benign: 'Benign',
}

export const verdicts: readonly Verdict[] = ['open', 'inconclusive', 'confirmed', 'benign']

/** Filled cell, shape and word: never colour alone. */
export function SeverityChip({ severity }: { severity: Severity }) {
  return (
    <span className="sev">
      <span className={`cell s-${severity}`}>
        <Shape name={severity} />
      </span>
      <span className="word">{severityWords[severity]}</span>
    </span>
  )
}

/** The cell alone, where the word stands in the line below it. */
export function SeverityCell({ severity }: { severity: Severity }) {
  return (
    <span className="sev only">
      <span className={`cell s-${severity}`}>
        <Shape name={severity} />
      </span>
      <span className="vh">{severityWords[severity]}</span>
    </span>
  )
}
