import type { EndReason } from '@tidewaiter/protocol'

/**
 * Why a host is silent, where that is known: what its agent said before it ended, else how the connection did. `closed`
 * by the other end, which a kernel does at once for a process that was killed; `unanswered` where nothing came any more.
 */
export type Farewell = EndReason | Lost | `moved:${string}`
export type Lost = 'closed' | 'unanswered'

const goodbyes: Record<EndReason, true> = {
  stopped: true,
  'service-stopped': true,
  'host-stopping': true,
  uninstalled: true,
  restarting: true,
  enrolled: true,
}

/** True for what the agent itself said. */
export function isGoodbye(farewell: string | null): farewell is EndReason {
  return farewell !== null && Object.hasOwn(goodbyes, farewell)
}

const moved = 'moved:'

/** Farewell of a host that goes on under a new key. */
export function movedTo(host: string): Farewell {
  return `${moved}${host}`
}

/** The host a farewell names as the one that goes on. */
export function successorIn(farewell: string | null): string | undefined {
  return farewell?.startsWith(moved) ? farewell.slice(moved.length) : undefined
}
