import { leastPauseMs } from '../pause.ts'
import { corrected } from './row.ts'

/** What is known of the times a host states in one batch. */
export interface Clock {
  /** Host clock minus console clock. */
  offsetMs: number
  /** When the console had the batch: nothing in it is later. */
  receivedAtMs: number
}

/**
 * A time of a host by the clock of the console, milliseconds, never later than the batch came. What is covered and what
 * is missing is told by these: a clock that is ahead would cover what is still to come.
 */
export function heldTo({ offsetMs, receivedAtMs }: Clock, hostAtMs: number): number {
  return Math.min(corrected(hostAtMs, offsetMs, 1), receivedAtMs)
}

/** Says so where the clock of the host was ahead, further than what it took to measure it. */
export function aheadOf({ offsetMs, receivedAtMs }: Clock, hostAt: string): string | undefined {
  if (corrected(Date.parse(hostAt), offsetMs, 1) - receivedAtMs <= leastPauseMs) return undefined
  return `The clock of the host was ahead: it says ${hostAt} of what the console received at ${new Date(receivedAtMs).toISOString()}.`
}
