import { type End, toEnd, toIp } from '../address.ts'
import { toCount } from '../text.ts'

/** The other end of a connection as sshd writes it, and where its text ends. */
export interface Peer {
  /** Undefined where sshd says UNKNOWN: the connection was gone before it was asked. */
  end: End | undefined
  next: number
}

/** A peer, with the name it gave. */
export interface NamedPeer extends Peer {
  user?: string | undefined
  /** sshd's word for how far the name got; `signed in` where it has none. */
  standing?: 'invalid' | 'authenticating' | 'signed in' | undefined
}

/** `ADDRESS`, `ADDRESS port N` or `ADDRESS:` at a place of the text; undefined for anything else. */
export function readPeer(text: string, at: number): Peer | undefined {
  const wordEnd = endOfWord(text, at)
  const word = text.slice(at, wordEnd)
  const address = word.endsWith(':') && toIp(word) === undefined ? word.slice(0, -1) : word
  const addressEnd = at + address.length
  const portAt = text.startsWith(' port ', addressEnd) ? addressEnd + 6 : undefined
  const portEnd = portAt === undefined ? addressEnd : endOfDigits(text, portAt)
  const port = portAt === undefined ? undefined : toCount(text.slice(portAt, portEnd))
  if (portAt !== undefined && (port === undefined || port > 65_535)) return undefined
  if (address === 'UNKNOWN') return { end: undefined, next: portEnd }
  const end = toEnd(address, port)
  // Digits and points that are no address (`192.030.0.6`) are kept as they stand.
  const isPeer = end.ip !== undefined || end.domain !== undefined || /^[0-9.]{7,15}$/.test(address)
  return isPeer ? { end, next: portEnd } : undefined
}

/**
 * `NAME from ADDRESS port N`. The name is the client's choice and may hold ` from 192.0.2.1 port 22 ssh2`, but no colon:
 * sshd takes what follows one for a style (auth2.c, input_userauth_request). What comes after the address has a colon
 * before anything a client chose. So the address follows the last ` from ` before the first colon.
 */
export function readNameFrom(text: string, at: number): NamedPeer | undefined {
  const colon = text.indexOf(':', at)
  const from = text.lastIndexOf(' from ', colon < 0 ? text.length : colon - 6)
  if (from < at - 1) return undefined
  const peer = readPeer(text, from + 6)
  if (peer === undefined) return undefined
  return { end: peer.end, next: peer.next, user: text.slice(at, Math.max(at, from)), standing: undefined }
}

/** `[invalid user |illegal user ]NAME from ADDRESS port N`. */
export function readUserFrom(text: string, at: number): NamedPeer | undefined {
  const peer = readNameFrom(text, at)
  const name = peer?.user ?? ''
  // Solaris hides names it does not know.
  if (peer !== undefined && name === '<invalid username>') return { ...peer, user: undefined, standing: 'invalid' }
  const isUnknown = name.startsWith('invalid user') || name.startsWith('illegal user')
  if (peer === undefined || !isUnknown || (name.length > 12 && name[12] !== ' ')) return peer
  return { end: peer.end, next: peer.next, user: name.slice(13), standing: 'invalid' }
}

const standings = [
  { words: 'invalid user ', standing: 'invalid' },
  { words: 'authenticating user ', standing: 'authenticating' },
  { words: 'user ', standing: 'signed in' },
] as const

/**
 * `[STANDING user NAME ]ADDRESS port N`. Again the name has no colon, so the address is the word with the first one
 * (IPv6), or else the end of what is before it.
 */
export function readNamedPeer(text: string, at: number): NamedPeer | undefined {
  const prefix = standings.find(({ words }) => text.startsWith(words, at))
  if (prefix === undefined) return readPeer(text, at)
  const userAt = at + prefix.words.length
  const addressAt = startOfAddress(text, userAt)
  const peer = addressAt === undefined ? undefined : readPeer(text, addressAt)
  if (addressAt === undefined || peer === undefined) return undefined
  const user = text.slice(userAt, Math.max(userAt, addressAt - 1))
  return { end: peer.end, next: peer.next, user, standing: prefix.standing }
}

function startOfAddress(text: string, userAt: number): number | undefined {
  const colon = text.indexOf(':', userAt)
  const wordAt = text.lastIndexOf(' ', colon) + 1
  if (colon >= 0 && wordAt >= userAt && toIp(text.slice(wordAt, endOfWord(text, wordAt))) !== undefined) return wordAt
  const end = colon < 0 ? text.length : colon
  const port = text.lastIndexOf(' port ', end)
  const addressEnd = port >= userAt && endOfDigits(text, port + 6) === end ? port : end
  const addressAt = text.lastIndexOf(' ', addressEnd - 1) + 1
  return addressAt < userAt ? undefined : addressAt
}

export function endOfWord(text: string, at: number): number {
  const end = text.indexOf(' ', at)
  return end < 0 ? text.length : end
}

export function endOfDigits(text: string, at: number): number {
  let end = at
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++
  return end
}
