import type { Happening } from '../row.ts'

/** States of a TCP socket by their number (include/net/tcp_states.h). */
const tcp = [
  'established',
  'syn-sent',
  'syn-recv',
  'fin-wait-1',
  'fin-wait-2',
  'time-wait',
  'close',
  'close-wait',
  'last-ack',
  'listen',
  'closing',
  'new-syn-recv',
] as const

export type State = (typeof tcp)[number] | 'unconnected'

/** UDP uses two of the numbers: with a peer, and without one. */
export function toState(hex: string, transport: 'tcp' | 'udp'): State | undefined {
  const state = /^0[1-9A-C]$/i.test(hex) ? tcp[Number.parseInt(hex, 16) - 1] : undefined
  return transport === 'udp' && state === 'close' ? 'unconnected' : state
}

/** Waits for peers instead of having one. */
export function isOpen(state: State): boolean {
  return state === 'listen' || state === 'unconnected'
}

const attempts = new Set<State>(['syn-sent', 'syn-recv', 'new-syn-recv'])

interface What {
  type: readonly string[]
  action: string
}

/**
 * What a row says. One appears whenever something of it changed, and a connection that is being closed is no new one;
 * what the kernel still holds without a process (`held` false) ended when the process let go of it.
 */
export function whatOf(happening: Happening, state: State, held: boolean): What {
  if (isOpen(state)) {
    const name = state === 'listen' ? 'listening' : 'bound'
    return { type: [happening], action: { info: name, start: `${name}-started`, end: `${name}-ended` }[happening] }
  }
  if (happening === 'info' || (happening === 'end' && !held))
    return { type: ['connection', 'info'], action: 'connection-seen' }
  if (happening === 'end') return { type: ['connection', 'end'], action: 'connection-ended' }
  if (state === 'established') return { type: ['connection', 'start'], action: 'connection-started' }
  if (attempts.has(state)) return { type: ['connection', 'start'], action: 'connection-attempted' }
  return { type: ['connection', 'info'], action: 'connection-closing' }
}
