import type { CoverageState, HostStatus } from '@tidewaiter/protocol/api'
import { Shape, type ShapeName } from '../ui/symbols.tsx'

const marks: Record<HostStatus, { shape: ShapeName; word: string }> = {
  online: { shape: 'online', word: 'Online' },
  lagging: { shape: 'lagging', word: 'Lagging' },
  silent: { shape: 'silent', word: 'Silent' },
  degraded: { shape: 'degraded', word: 'Degraded' },
  outdated: { shape: 'outdated', word: 'Outdated' },
  pending: { shape: 'pending', word: 'Pending' },
  revoked: { shape: 'no', word: 'Revoked' },
  retired: { shape: 'wait', word: 'Retired' },
}

export const statuses: readonly HostStatus[] = [
  'online',
  'lagging',
  'silent',
  'degraded',
  'outdated',
  'pending',
  'revoked',
  'retired',
]

export function statusWord(status: HostStatus): string {
  return marks[status].word
}

/** Status is not severity: ink, shape and word, no colour. */
export function StatusMark({ status }: { status: HostStatus }) {
  return (
    <span className="status">
      <Shape name={marks[status].shape} /> {marks[status].word}
    </span>
  )
}

export const coverageWords: Record<CoverageState, string> = {
  covered: 'Covered',
  lost: 'Lost',
  'not-enabled': 'Not enabled',
  'not-asked': 'Not asked',
  'not-reachable': 'Not reachable',
}
