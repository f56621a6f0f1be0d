import type { Host } from './host.ts'

/** So long nothing but what comes at rest: then a backlog is over. */
const restMs = 5 * 60_000
const lookMs = 10_000
/** An agent that began anew goes on for so long at least: each start takes every snapshot in full. */
const leastMs = 6 * 60 * 60_000
/** A process that has grown by less would gain too little by beginning anew. */
const grownBytes = 8_000_000

export interface Rest {
  /** To be called whenever more comes than at rest. */
  busy(): void
  /** Resolves with true when a backlog is over and its memory was not given back; with false when the signal aborts. */
  rested(signal: AbortSignal): Promise<boolean>
}

/**
 * Tells when an agent has rested after a backlog. What that took (compiled code above all) never comes back by itself:
 * the agent begins anew, and is as small as it was.
 */
export function newRest(
  { steady, sleep, use }: Pick<Host, 'steady' | 'sleep' | 'use'>,
  { hasBegunAnew }: { hasBegunAnew: boolean },
): Rest {
  const beganBytes = use.rssBytes()
  const soonestMs = steady() + (hasBegunAnew ? leastMs : 0)
  let busyAt: number | undefined
  const isOver = () =>
    busyAt !== undefined &&
    steady() - busyAt >= restMs &&
    steady() >= soonestMs &&
    use.rssBytes() - beganBytes > grownBytes
  return {
    busy() {
      busyAt = steady()
    },
    async rested(signal) {
      while (!signal.aborted && !isOver()) await sleep(lookMs, signal)
      return !signal.aborted
    },
  }
}
