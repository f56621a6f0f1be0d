import { type End, toEnd, toIp } from './address.ts'
import type { Message } from './decoder.ts'
import { toCount } from './text.ts'

/**
 * One thing that a program says, and what it means. The groups of the pattern name what stands there: `user`,
 * `address` (with `port`, or with it in one as `192.0.2.7:22` or `[2001:db8::7]:22`), `domain`, `reason`, `code`,
 * `sender`, `recipient`; any other becomes a field below `tidewaiter`.
 */
export interface Sentence {
  pattern: RegExp
  is: Message['event']
  /**
   * What ends a name that a client chose, with the flag `g`. Where it stands in the text more than once, the name could
   * end at any of them: then none is taken.
   */
  once?: RegExp
}

/** Longer than any program writes one of these. */
const mostCharacters = 4096

/** The first sentence that the text is; undefined where it is none. */
export function readSentence(sentences: readonly Sentence[], text: string, service: string): Message | undefined {
  if (text.length > mostCharacters) return undefined
  for (const { pattern, is, once } of sentences) {
    const said = pattern.exec(text)
    if (said === null) continue
    const isClear = once === undefined || isOnce(text, once)
    return toMessage(said.groups ?? {}, { is, isClear, service })
  }
  return undefined
}

/** True where the pattern (with the flag `g`) stands in the text once. */
export function isOnce(text: string, pattern: RegExp): boolean {
  const places = text.matchAll(pattern)
  return places.next().done !== true && places.next().done === true
}

interface Meaning {
  is: Message['event']
  isClear: boolean
  service: string
}

const doubt = 'The text can be read in more than one way, so that what could be either is left out.'

function toMessage(said: Readonly<Record<string, string | undefined>>, { is, isClear, service }: Meaning): Message {
  const { user, address, port, domain, reason, code, sender, recipient, ...more } = said
  const message: Message = { event: { ...is }, service: { name: service } }
  if (reason !== undefined && reason.trim() !== '') message.event.reason = reason.trim()
  if (code !== undefined) message.event.code = code
  if (user !== undefined && user !== '' && isClear) message.user = { name: user }
  if (address !== undefined) message.source = toSource(address, port, domain)
  const mail = mailOf(sender, recipient)
  if (mail !== undefined) message.email = mail
  const details = detailsOf(more)
  if (!isClear) details.doubt = doubt
  if (Object.keys(details).length > 0) message.tidewaiter = details
  return message
}

/** What is left of a message where two readings differ in who it was, and from where. */
export function doubtful({ event, service }: Message): Message {
  return { event, service, tidewaiter: { doubt } }
}

/** The message with these fields below `tidewaiter` and no others. */
export function withDetails({ tidewaiter: _, ...message }: Message, details: Record<string, unknown>): Message {
  return Object.keys(details).length > 0 ? { ...message, tidewaiter: details } : message
}

function detailsOf(more: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const details: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(more))
    if (value !== undefined && value !== '') details[name] = name === 'attempts' ? toCount(value) : value
  return details
}

function mailOf(sender: string | undefined, recipient: string | undefined): Message['email'] {
  if (!sender && !recipient) return undefined
  return { ...(sender && { from: { address: [sender] } }), ...(recipient && { to: { address: [recipient] } }) }
}

function toSource(address: string, port: string | undefined, domain: string | undefined): End {
  const end = toEndpoint(port === undefined ? address : `[${address}]:${port}`)
  return domain !== undefined && domain !== 'unknown' && end.ip !== undefined ? { ...end, domain } : end
}

/** `192.0.2.7`, `192.0.2.7:22`, `2001:db8::7` or `[2001:db8::7]:22`. */
export function toEndpoint(text: string): End {
  if (toIp(text) !== undefined) return toEnd(text)
  const colon = text.lastIndexOf(':')
  const port = colon < 0 ? undefined : toCount(text.slice(colon + 1))
  const address = port === undefined || port > 65_535 ? text : text.slice(0, colon)
  return toEnd(
    address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address,
    address === text ? undefined : port,
  )
}

const authentication = ['authentication'] as const
const network = ['network'] as const

/** What sentences of several services mean, in the words of all decoders. */
export const meanings = {
  signedIn: { category: authentication, type: ['start'], outcome: 'success', action: 'sign-in' },
  notSignedIn: { category: authentication, type: ['start'], outcome: 'failure', action: 'sign-in' },
  /** Nothing was decided: it is the first step of several, or what should decide was not there. */
  undecided: { category: authentication, type: ['start'], outcome: 'unknown', action: 'sign-in' },
  unknownUser: { category: authentication, type: ['info'], outcome: 'failure', action: 'user-unknown' },
  userNotAllowed: { category: authentication, type: ['info'], outcome: 'failure', action: 'user-not-allowed' },
  attemptsExceeded: { category: authentication, type: ['info'], outcome: 'failure', action: 'attempts-exceeded' },
  signInTimeout: { category: authentication, type: ['end'], outcome: 'failure', action: 'sign-in-timeout' },
  sessionOpened: { category: ['session'], type: ['start'], action: 'session-opened' },
  sessionClosed: { category: ['session'], type: ['end'], action: 'session-closed' },
  opened: { category: network, type: ['connection', 'start'], action: 'connection-opened' },
  closed: { category: network, type: ['connection', 'end'], action: 'connection-closed' },
  /** The other end went away before anything was done. */
  broken: { category: network, type: ['connection', 'end'], outcome: 'failure', action: 'connection-reset' },
  refused: { category: network, type: ['connection', 'denied'], outcome: 'failure', action: 'connection-refused' },
  dropped: { category: network, type: ['connection', 'denied'], outcome: 'failure', action: 'connection-dropped' },
  protocolRefused: { category: network, type: ['connection', 'end'], outcome: 'failure', action: 'protocol-refused' },
} as const satisfies Record<string, Message['event']>
