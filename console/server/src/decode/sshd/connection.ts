import type { Message } from '../decoder.ts'
import { toCount } from '../text.ts'
import { endOfDigits, type NamedPeer, readNamedPeer, readPeer } from './peer.ts'
import { service } from './sign-in.ts'

const started = ['connection', 'start'] as const
const ended = ['connection', 'end'] as const
const denied = ['connection', 'denied'] as const
const info = ['connection', 'info'] as const

/** `Connection from|closed by|reset by [...]`. */
export function connection(text: string): Message | undefined {
  if (text.startsWith('from ', 11)) return opened(text)
  const at = text.startsWith('closed by ', 11) ? 21 : text.startsWith('reset by ', 11) ? 20 : undefined
  const peer = at === undefined ? undefined : readNamedPeer(text, at)
  if (peer?.next !== text.length) return undefined
  return toMessage(peer, { type: ended, action: at === 21 ? 'connection-closed' : 'connection-reset' })
}

/** `Connection from ADDRESS port N on ADDRESS port N rdomain ""`. */
function opened(text: string): Message | undefined {
  const peer = readPeer(text, 16)
  if (peer === undefined) return undefined
  const message = toMessage(peer, { type: started, action: 'connection-opened' })
  const own = text.startsWith(' on ', peer.next) ? readPeer(text, peer.next + 4) : undefined
  if (own?.end !== undefined) message.destination = own.end
  return message
}

/** `Disconnected from [invalid user NAME ]ADDRESS port N`. */
export function disconnected(text: string): Message | undefined {
  const peer = text.startsWith('from ', 13) ? readNamedPeer(text, 18) : undefined
  return peer?.next !== text.length ? undefined : toMessage(peer, { type: ended, action: 'connection-closed' })
}

/** `Disconnecting [invalid user NAME ]ADDRESS port N: why`, or only `Disconnecting: why` in older releases. */
export function disconnecting(text: string): Message | undefined {
  const [type, action] = [ended, 'connection-closed']
  if (text.startsWith('Disconnecting: '))
    return toMessage({ end: undefined, next: 0 }, { type, action, reason: text.slice(15) })
  const peer = readNamedPeer(text, 14)
  if (peer === undefined) return undefined
  return toMessage(peer, { type, action, ...reasonAt(text, peer.next) })
}

/** `Received disconnect from ADDRESS port N:11: bye`: code and words are the client's (RFC 4253 11.1). */
export function received(text: string): Message | undefined {
  const said = 'Received disconnect from '
  const peer = text.startsWith(said) ? readPeer(text, said.length) : undefined
  if (peer === undefined) return undefined
  const codeAt = text.startsWith(': ', peer.next) ? peer.next + 2 : peer.next + 1
  const codeEnd = endOfDigits(text, codeAt)
  const code = toCount(text.slice(codeAt, codeEnd))
  const what: What = { type: ended, action: 'connection-closed', ...reasonAt(text, codeEnd) }
  if (code === undefined) return toMessage(peer, what)
  if (code !== byApplication) what.outcome = 'failure'
  return toMessage(peer, { ...what, code: String(code) })
}

/** The client has done what it came for; every other code says what went wrong (RFC 4253 11.1). */
const byApplication = 11

/** `Did not receive identification string from ADDRESS port N`. */
export function silent(text: string): Message | undefined {
  const said = 'Did not receive identification string from '
  const peer = text.startsWith(said) ? readPeer(text, said.length) : undefined
  return (
    peer &&
    toMessage(peer, { type: ended, outcome: 'failure', action: 'protocol-refused', reason: 'no identification string' })
  )
}

/** `Bad protocol version identification '...' from ADDRESS port N`: what is quoted is the client's. */
export function foreign(text: string): Message | undefined {
  const said = "Bad protocol version identification '"
  const from = text.lastIndexOf("' from ")
  const peer = text.startsWith(said) && from >= said.length ? readPeer(text, from + 7) : undefined
  return (
    peer &&
    toMessage(peer, {
      type: ended,
      outcome: 'failure',
      action: 'protocol-refused',
      reason: text.slice(said.length, from),
    })
  )
}

/** `kex_exchange_identification: Connection closed by remote host`: why what came was no beginning of SSH. */
export function notSsh(text: string): Message {
  return protocolRefused(text.slice('kex_exchange_identification: '.length))
}

/** `no matching mac found: client hmac-md5 server hmac-sha1`, before OpenSSH 7. */
export function unmatchedCipher(text: string): Message | undefined {
  return text.startsWith('no matching ') && text.includes(' found: client ') ? protocolRefused(text) : undefined
}

/** `Read from socket failed: Connection reset by peer`. */
export function unread(text: string): Message | undefined {
  const said = 'Read from socket failed: '
  if (!text.startsWith(said)) return undefined
  const reason = text.slice(said.length)
  return toMessage(nobody, { type: ended, outcome: 'failure', action: 'connection-reset', reason })
}

/** `SSH: Server;Ltype: Kex;Remote: ADDRESS-PORT;...` of releases with the HPN patches; what follows is the client's. */
export function stage(text: string): Message | undefined {
  const match = /^SSH: Server;Ltype: \w{1,16};Remote: (?<address>[0-9a-fA-F.:]{2,45})-(?<port>\d{1,5});/.exec(text)
  const peer = match && readPeer(`${match.groups?.address} port ${match.groups?.port}`, 0)
  return peer ? toMessage(peer, { type: info, action: 'connection-stage' }) : undefined
}

const nobody: NamedPeer = { end: undefined, next: 0 }

function protocolRefused(reason: string): Message {
  return toMessage(nobody, { type: ended, outcome: 'failure', action: 'protocol-refused', reason })
}

/** `Unable to negotiate with ADDRESS port N: no matching cipher found. Their offer: ...`, or `a key exchange method`. */
export function unmatched(text: string): Message | undefined {
  if (text === 'Unable to negotiate a key exchange method') return protocolRefused(text)
  const said = 'Unable to negotiate with '
  const peer = text.startsWith(said) ? readPeer(text, said.length) : undefined
  return (
    peer &&
    toMessage(peer, { type: ended, outcome: 'failure', action: 'protocol-refused', ...reasonAt(text, peer.next) })
  )
}

/** `banner exchange: Connection from ADDRESS port N: invalid format`, and other places that fail with a connection. */
export function broken(text: string): Message | undefined {
  const at = text.indexOf(': Connection from ')
  const peer = at < 0 ? undefined : readPeer(text, at + 18)
  return (
    peer &&
    toMessage(peer, { type: ended, outcome: 'failure', action: 'protocol-refused', ...reasonAt(text, peer.next) })
  )
}

/** `drop connection #1 from [ADDRESS]:N on [ADDRESS]:N past MaxStartups`. */
export function dropped(text: string): Message | undefined {
  const match = /^drop connection #\d+ from \[([^\]]+)\]:(\d+) on \[([^\]]+)\]:(\d+) (.*)$/.exec(text)
  if (match === null) return undefined
  const [, from = '', fromPort = '', to = '', toPort = '', reason = ''] = match
  const message = toMessage(readPeer(`${from} port ${fromPort}`, 0) ?? { end: undefined, next: 0 }, {
    type: denied,
    outcome: 'failure',
    action: 'connection-dropped',
    reason,
  })
  const own = readPeer(`${to} port ${toPort}`, 0)
  if (own?.end !== undefined) message.destination = own.end
  return message
}

/** `refused connect from NAME (ADDRESS)`, by the library of hosts.allow. */
export function refused(text: string): Message | undefined {
  const said = 'refused connect from '
  const open = text.lastIndexOf(' (')
  const peer =
    text.startsWith(said) && open > 0 && text.endsWith(')') ? readPeer(text.slice(open + 2, -1), 0) : undefined
  return peer && toMessage(peer, { type: denied, outcome: 'failure', action: 'connection-refused' })
}

/** `Address ADDRESS maps to NAME, but this does not map back to the address.`: whoever owns the address chose the name. */
export function unmapped(text: string): Message | undefined {
  const maps = text.indexOf(' maps to ')
  const peer = maps < 0 ? undefined : readPeer(text.slice(0, maps), 8)
  const reason = 'the name of the address does not map back to it'
  return peer && toMessage(peer, { type: info, action: 'name-unconfirmed', reason })
}

function reasonAt(text: string, at: number): { reason?: string } {
  return text.startsWith(': ', at) ? { reason: text.slice(at + 2) } : {}
}

interface What {
  type: readonly string[]
  action: string
  outcome?: 'failure'
  reason?: string
  code?: string
}

const unauthenticated = ['authentication', 'network'] as const
const onlyNetwork = ['network'] as const
const network = { transport: 'tcp', protocol: 'ssh' } as const

/**
 * Message of a connection. One that ends with a name that is not signed in was a sign-in that did not succeed: without
 * `LogLevel VERBOSE` it is all that sshd says of a refused key.
 */
function toMessage({ user, standing, end }: NamedPeer, what: What): Message {
  const hasFailed = user !== undefined && standing !== 'signed in'
  const event: Message['event'] = hasFailed
    ? { category: unauthenticated, outcome: 'failure', ...what }
    : { category: onlyNetwork, ...what }
  const message: Message = { event, network, service }
  if (user !== undefined && user !== '') message.user = { name: user }
  if (end !== undefined) message.source = end
  if (standing === 'invalid') message.tidewaiter = { unknown_user: true }
  return message
}
