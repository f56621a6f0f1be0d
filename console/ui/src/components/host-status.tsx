import type { CoverageState, HostSilence, HostStatus } from '@tidewaiter/protocol/api'
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

const silences = new Map([
  ['stopped', 'agent stopped'],
  ['service-stopped', 'service stopped'],
  ['host-stopping', 'shut down'],
  ['uninstalled', 'says it is uninstalled'],
  ['restarting', 'restart failed'],
  ['enrolled', 'not started yet'],
  ['closed', 'killed or cut off'],
  ['unanswered', 'no answer'],
  ['not-back', 'did not come back'],
  ['never-connected', 'never connected'],
  ['certificate-ended', 'certificate ended'],
  ['not-served', 'no console'],
])

/** What the console makes of a silence, in two or three words. */
export function silenceWord({ cause }: Pick<HostSilence, 'cause'>): string {
  return silences.get(cause) ?? cause
}

/** `Silent: killed or cut off`. */
export function standingWord({ status, silence }: { status: HostStatus; silence?: HostSilence | undefined }): string {
  const more = status === 'silent' && silence !== undefined ? `: ${silenceWord(silence)}` : ''
  return `${marks[status].word}${more}`
}

/** Status is not severity: ink, shape and word, no colour. What a silence looks like is told by its word. */
export function StatusMark({ status, silence }: { status: HostStatus; silence?: HostSilence | undefined }) {
  return (
    <span className="status">
      <Shape name={marks[status].shape} /> {standingWord({ status, silence })}
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
