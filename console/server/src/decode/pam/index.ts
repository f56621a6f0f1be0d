import type { Message, MessageDecoder } from '../decoder.ts'
import { type Credentials, readCredentials } from './credentials.ts'
import { type Origin, readOrigin } from './origin.ts'
import { passwordChanged, refusal, sessionClosed, sessionOpened } from './said.ts'

const authentication = ['authentication'] as const

/** What PAM modules say through the program that called them: any program can be one. */
export const pam: MessageDecoder = {
  id: 'pam',
  title: 'PAM modules (pam_unix and those that speak like it)',
  programs: 'any',
  decode(text, program) {
    if (text.startsWith('PAM ')) return moreFailures(text, program)
    const origin = readOrigin(text, program)
    return (
      origin &&
      (failure(text, origin) ?? sessionOf(text, origin) ?? passwordChanged(text, origin) ?? refusal(text, origin))
    )
  },
}

function sessionOf(text: string, origin: Origin): Message | undefined {
  if (!text.startsWith('session ', origin.next)) return undefined
  return sessionOpened(text, origin) ?? sessionClosed(text, origin)
}

/** `authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root`. */
function failure(text: string, { service, module, next }: Origin): Message | undefined {
  const succeeded = text.startsWith('authentication success; ', next)
  if (!succeeded && !text.startsWith('authentication failure; ', next)) return undefined
  const credentials = readCredentials(text, next + 24, service)
  return credentials && authenticated(credentials, { service, module, succeeded })
}

/** `PAM 2 more authentication failures; logname= ...`: after the first one, by the library itself. */
function moreFailures(text: string, program: string): Message | undefined {
  const match = /^PAM (\d{1,6}) more authentication failures?; /.exec(text)
  const credentials = match === null ? undefined : readCredentials(text, match[0].length, program)
  if (match === null || credentials === undefined) return undefined
  const message = authenticated(credentials, { service: program, succeeded: false })
  message.tidewaiter = { ...message.tidewaiter, attempts: Number(match[1]) }
  return message
}

interface How {
  service: string
  module?: string | undefined
  succeeded: boolean
}

function authenticated(credentials: Credentials, { service, module, succeeded }: How): Message {
  const { user, remoteUser, source, terminal, doubt } = credentials
  const message: Message = {
    event: {
      category: authentication,
      type: ['start'],
      outcome: succeeded ? 'success' : 'failure',
      action: succeeded ? 'authentication-passed' : 'authentication-failed',
    },
    service: { name: service },
  }
  const details: Record<string, unknown> = {}
  if (module !== undefined) details.module = module
  if (terminal !== undefined) details.terminal = terminal
  if (remoteUser !== undefined) details.remote_user = remoteUser
  if (doubt !== undefined) details.doubt = doubt
  message.tidewaiter = details
  // FTP servers name the account as the remote user when it does not exist.
  const name = user ?? remoteUser
  if (name !== undefined) message.user = { name }
  if (source !== undefined) message.source = source
  return message
}
