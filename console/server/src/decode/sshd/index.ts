import type { Message, MessageDecoder } from '../decoder.ts'
import {
  broken,
  connection,
  disconnected,
  disconnecting,
  dropped,
  foreign,
  notSsh,
  received,
  refused,
  silent,
  stage,
  unmapped,
  unmatched,
  unmatchedCipher,
  unread,
} from './connection.ts'
import { listening, sessionEnded, sessionStarted, stopped } from './session.ts'
import {
  attempt,
  detailsOf,
  notAllowed,
  pamError,
  rootRefused,
  timeout,
  tooManyAttempts,
  unknownUser,
  unknownUserOfChild,
} from './sign-in.ts'

/** sshd cuts its messages at 1 KiB (log.c, MSGBUFSIZ); what is far longer is not its own. */
const mostCharacters = 4096

type Read = (text: string) => Message | undefined

/** By the first word of the message. */
const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['Accepted', attempt],
  ['Failed', attempt],
  ['Partial', attempt],
  ['Postponed', attempt],
  ['Invalid', unknownUser],
  ['Illegal', unknownUser],
  ['input_userauth_request:', unknownUserOfChild],
  ['maximum', tooManyAttempts],
  ['PAM:', pamError],
  ['User', notAllowed],
  ['ROOT', rootRefused],
  ['Timeout', timeout],
  ['Connection', connection],
  ['Disconnected', disconnected],
  ['Disconnecting', disconnecting],
  ['Disconnecting:', disconnecting],
  ['Received', (text) => received(text) ?? stopped(text)],
  ['Did', silent],
  ['Bad', foreign],
  ['Unable', unmatched],
  ['no', unmatchedCipher],
  ['kex_exchange_identification:', notSsh],
  ['Read', unread],
  ['SSH:', stage],
  ['banner', broken],
  ['ssh_dispatch_run_fatal:', broken],
  ['drop', dropped],
  ['refused', refused],
  ['Address', unmapped],
  ['Starting', sessionStarted],
  ['Close', sessionEnded],
  ['Server', listening],
])

/**
 * What sshd says of sign-ins and connections. Names, banners and parting words are the client's: each reader says why
 * it does not take an address out of them.
 */
export const sshd: MessageDecoder = {
  id: 'sshd',
  title: 'OpenSSH server',
  programs: ['sshd', 'sshd-session', 'sshd-auth'],
  isPerConnection: true,
  decode(text) {
    if (text.length > mostCharacters) return undefined
    const from = startOf(text)
    const isEarly = text.endsWith(' [preauth]')
    const own = from === 0 && !isEarly ? text : text.slice(from, isEarly ? -10 : text.length)
    const message = readers.get(own.slice(0, Math.max(0, own.indexOf(' '))))?.(own)
    if (message !== undefined && isEarly) beforeSignIn(message)
    return message
  },
}

/** A connection that ends here ends with nobody signed in. */
function beforeSignIn(message: Message): void {
  detailsOf(message).preauth = true
  if (message.event.type?.includes('end')) message.event.outcome ??= 'failure'
}

/** Where the message begins after blanks and the level that sshd puts before what is wrong. */
function startOf(text: string): number {
  let at = 0
  while (text.charCodeAt(at) === 32) at++
  return text.startsWith('error: ', at) || text.startsWith('fatal: ', at) ? at + 7 : at
}
