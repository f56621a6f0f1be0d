import type { CoverageSpan } from '@tidewaiter/protocol/api'

const lost = 'not held: the console was rebuilt, and they were no longer in its spool.'

/** Why something is missing before the first batch of a host that is held, where that is not its first. */
export function neverHeld(seq: number): string {
  return `${seq === 2 ? 'Batch 1 of this host is' : `Batches 1 to ${seq - 1} of this host are`} ${lost}`
}

export function isNeverHeld({ state, why }: Pick<CoverageSpan, 'state' | 'why'>): boolean {
  return state === 'lost' && why?.endsWith(lost) === true
}
