import type { CoverageSpan } from '@tidewaiter/protocol/api'

const lost = 'not held: the console was rebuilt, and they were no longer in its spool.'

/** Why something is missing before the first batch of a host that is held, where that is not its first. */
export function neverHeld(seq: number): string {
  return `${batches(1, seq - 1)} ${lost}`
}

/** Why something is missing between two batches of a host that are held. */
export function notHeld(from: number, to: number): string {
  return `${batches(from, to)} not held: they were no longer in its spool.`
}

export function isNeverHeld({ state, why }: Pick<CoverageSpan, 'state' | 'why'>): boolean {
  return state === 'lost' && why?.endsWith(lost) === true
}

function batches(from: number, to: number): string {
  return from === to ? `Batch ${from} of this host is` : `Batches ${from} to ${to} of this host are`
}
