import type { Message } from '../decoder.ts'
import { toKey } from './key.ts'
import { type NamedPeer, readNameFrom, readPeer, readUserFrom } from './peer.ts'

const category = ['authentication'] as const
const start = ['start'] as const
const end = ['end'] as const
const info = ['info'] as const
/** Where nothing is said of the other end. */
const nowhere = { end: undefined, next: 0 } as const
export const service = { name: 'sshd' } as const

const outcomes = {
  Accepted: 'success',
  Failed: 'failure',
  // Not decided yet: one method of several is done, or the key still has to be proven.
  Partial: 'unknown',
  Postponed: 'unknown',
} as const

/** `Accepted publickey for ana from 192.0.2.7 port 22 ssh2: ED25519 SHA256:...` (auth.c, auth_log). */
export function attempt(text: string): Message | undefined {
  const verbEnd = text.indexOf(' ')
  // The verb is one of these: that is how the text came here.
  const outcome = outcomes[text.slice(0, verbEnd) as keyof typeof outcomes]
  const forAt = text.indexOf(' for ', verbEnd)
  // `Accepted key ... found at` and others are no attempts.
  if (forAt < 0 || text.indexOf(' ', verbEnd + 1) !== forAt) return undefined
  const peer = readUserFrom(text, forAt + 5)
  if (peer === undefined) return undefined
  const message = signIn(peer, { category, type: start, outcome, action: 'sign-in' })
  const extraAt = text.indexOf(': ', peer.next)
  const key = extraAt < 0 ? undefined : toKey(text.slice(extraAt + 2))
  const details = detailsOf(message)
  details.method = text.slice(verbEnd + 1, forAt)
  if (key !== undefined) details.key = key
  return message
}

/** `Invalid user admin from 192.0.2.7 port 22`: said before any method is tried. */
export function unknownUser(text: string): Message | undefined {
  const peer = readNameFrom(text, 13)
  return peer && signIn({ ...peer, standing: 'invalid' }, refused('user-unknown'))
}

/** `input_userauth_request: invalid user admin`: the same, by a child process of older releases. */
export function unknownUserOfChild(text: string): Message | undefined {
  const said = 'input_userauth_request: invalid user '
  if (!text.startsWith(said)) return undefined
  return signIn({ ...nowhere, user: text.slice(said.length), standing: 'invalid' }, refused('user-unknown'))
}

/** `maximum authentication attempts exceeded for invalid user admin from 192.0.2.7 port 22 ssh2`. */
export function tooManyAttempts(text: string): Message | undefined {
  const said = 'maximum authentication attempts exceeded for '
  const peer = text.startsWith(said) ? readUserFrom(text, said.length) : undefined
  return peer && signIn(peer, refused('attempts-exceeded'))
}

/** `PAM: Authentication failure for illegal user admin from 192.0.2.7`, with ` via ADDRESS` on some systems. */
export function pamError(text: string): Message | undefined {
  const forAt = text.indexOf(' for ')
  const peer = forAt < 0 ? undefined : readUserFrom(text, forAt + 5)
  const reason = text.slice(5, forAt)
  return peer && signIn(peer, { category, type: start, outcome: 'failure', action: 'sign-in', reason })
}

/** `User ana from 192.0.2.7 not allowed because listed in DenyUsers`; the account exists. */
export function notAllowed(text: string): Message | undefined {
  const because = text.lastIndexOf(' not allowed because ')
  if (because < 0) return undefined
  const said = text.slice(5, because)
  const from = said.lastIndexOf(' from ')
  const peer = from < 0 ? undefined : readPeer(said, from + 6)
  const user = peer === undefined ? said : said.slice(0, from)
  return signIn({ ...(peer ?? nowhere), user }, { ...refused('user-not-allowed'), reason: text.slice(because + 21) })
}

/** `ROOT LOGIN REFUSED FROM 192.0.2.7 port 22`. */
export function rootRefused(text: string): Message | undefined {
  const said = 'ROOT LOGIN REFUSED FROM '
  const peer = text.startsWith(said) ? readPeer(text, said.length) : undefined
  return peer && signIn({ ...peer, user: 'root' }, refused('user-not-allowed'))
}

/** `Timeout before authentication for 192.0.2.7 port 22`, or `for connection from 192.0.2.7 to 192.0.2.1, pid = 7`. */
export function timeout(text: string): Message | undefined {
  const said = 'Timeout before authentication for '
  if (!text.startsWith(said)) return undefined
  const at = text.startsWith('connection from ', said.length) ? said.length + 16 : said.length
  const peer = readPeer(text, at)
  return peer && signIn(peer, { category, type: end, outcome: 'failure', action: 'sign-in-timeout' })
}

function refused(action: string): Message['event'] {
  return { category, type: info, outcome: 'failure', action }
}

function signIn({ user, standing, end: source }: NamedPeer, event: Message['event']): Message {
  const message: Message = { event, service }
  if (user !== undefined && user !== '') message.user = { name: user }
  if (source !== undefined) message.source = source
  if (standing === 'invalid') message.tidewaiter = { unknown_user: true }
  return message
}

/** What has no place in ECS, to be added to. */
export function detailsOf(message: Message): Record<string, unknown> {
  message.tidewaiter ??= {}
  return message.tidewaiter
}
