import type { Message } from '../decoder.ts'
import { endOfWord, readPeer } from './peer.ts'
import { service } from './sign-in.ts'

/** `Starting session: command on pts/0 for ana from ADDRESS port N id 0`; the account is signed in. */
export function sessionStarted(text: string): Message | undefined {
  const said = 'Starting session: '
  const from = text.lastIndexOf(' from ')
  const forAt = text.lastIndexOf(' for ', from - 1)
  if (!text.startsWith(said) || forAt < said.length) return undefined
  const what = text.slice(said.length, forAt)
  return session(text, { type: 'start', userAt: forAt + 5, from, what })
}

/** `Close session: user ana from ADDRESS port N id 0`. */
export function sessionEnded(text: string): Message | undefined {
  const said = 'Close session: user '
  const from = text.lastIndexOf(' from ')
  return text.startsWith(said) && from >= said.length
    ? session(text, { type: 'end', userAt: said.length, from })
    : undefined
}

interface Place {
  type: 'start' | 'end'
  userAt: number
  from: number
  what?: string
}

function session(text: string, { type, userAt, from, what }: Place): Message | undefined {
  const peer = readPeer(text, from + 6)
  if (peer === undefined) return undefined
  const message: Message = {
    event: { category: ['session'], type: [type], action: type === 'start' ? 'session-opened' : 'session-closed' },
    user: { name: text.slice(userAt, from) },
    service,
  }
  if (peer.end !== undefined) message.source = peer.end
  if (what !== undefined) message.tidewaiter = { session: what }
  return message
}

/** `Server listening on ADDRESS port N.` */
export function listening(text: string): Message | undefined {
  const said = 'Server listening on '
  const peer = text.startsWith(said) && text.endsWith('.') ? readPeer(text.slice(0, -1), said.length) : undefined
  if (peer?.end === undefined) return undefined
  const event = { category: ['process'], type: ['start'], action: 'service-listening' }
  return { event, server: peer.end, service }
}

/** `Received signal 15; terminating.` */
export function stopped(text: string): Message | undefined {
  if (!text.startsWith('Received signal ')) return undefined
  const reason = text.slice(9, endOfWord(text, 16)).replace(';', '')
  return { event: { category: ['process'], type: ['end'], action: 'service-stopped', reason }, service }
}
