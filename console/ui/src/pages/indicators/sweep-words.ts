import type { Sweep } from '@tidewaiter/protocol/api'
import { plural } from '../../ui/numbers.ts'

type Judged = Pick<Sweep, 'complete' | 'behind' | 'coverage'>

/** What the answer of a sweep is worth: "nothing found" is only ever said together with it. */
export function completeText({ complete, behind }: Judged): string {
  if (complete) return 'Every source that is asked was covered.'
  const unread = behind === 0 ? '' : ` The index had not read the last ${plural(behind, 'batch', 'batches')}.`
  return `Not complete: see what could not be seen.${unread}`
}

/** Spans that were not looked at, and what they are called together. */
export function gapsOf({ coverage }: Judged): { title: string; gaps: Sweep['coverage'] } {
  const gaps = coverage.filter(({ state }) => state !== 'covered')
  const isOnlyAsked = gaps.every(({ state }) => state === 'not-asked')
  return { title: isOnlyAsked ? 'What was not asked for' : 'What it could not see', gaps }
}
