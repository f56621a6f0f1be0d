import type { Message } from '../decoder.ts'

const denied = { category: ['network'], type: ['connection', 'denied'], action: 'packet-dropped' } as const
const allowed = { category: ['network'], type: ['connection', 'allowed'], action: 'connection-allowed' } as const

const actions: Readonly<Record<string, Message['event']>> = {
  pass: allowed,
  rdr: allowed,
  nat: allowed,
  binat: allowed,
  block: denied,
  drop: denied,
  reject: denied,
}

/** What pf did with a packet, in the words of all decoders. */
export function meaningOf(action: string): Message['event'] {
  const known = Object.hasOwn(actions, action) ? actions[action] : undefined
  return known ?? { category: ['network'], type: ['connection', 'info'], action: 'packet-logged' }
}

const directions: Readonly<Record<string, string>> = { in: 'ingress', out: 'egress' }

export function directionOf(word: string): string | undefined {
  return Object.hasOwn(directions, word) ? directions[word] : undefined
}
