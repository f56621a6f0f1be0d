import { toEnd } from '../address.ts'
import type { Message } from '../decoder.ts'
import { doubtful, meanings } from '../sentence.ts'

const mostCharacters = 4096

/** The login process says of the client what this says of its password: only there it is the sign-in. */
const failed: Message['event'] = { ...meanings.notSignedIn, action: 'authentication-failed' }

/** What is said of a name and its password, by its first words; more can follow, such as the password itself. */
const refusals: readonly { said: string; is: Message['event'] }[] = [
  { said: 'unknown user', is: meanings.unknownUser },
  { said: 'user disabled', is: meanings.userNotAllowed },
  { said: 'pam_acct_mgmt() failed', is: meanings.userNotAllowed },
  ...[
    'Password mismatch',
    'password mismatch',
    'pam_authenticate() failed',
    'Invalid credentials',
    'invalid credentials',
    'Empty password',
    'user not found from any',
    'Authentication failure',
  ].map((said) => ({ said, is: failed })),
]

/**
 * `[conn unix:auth-worker (pid=7,uid=109): auth-worker<6>: ]pam(NAME,ADDRESS[,<SESSION>]): unknown user`. A name that
 * holds `): `, or a password that is logged behind it, makes two places where the name could end: then neither is taken.
 */
export function checked(text: string): Message | undefined {
  if (text.length > mostCharacters) return undefined
  const conn = /^conn unix:[\w/-]{1,80} \(pid=\d{1,10},uid=\d{1,10}\): auth-worker<\d{1,10}>: /.exec(text)
  const own = text.slice(conn?.[0].length ?? 0)
  const driver = /^(?<driver>[a-z0-9-]{2,24})\(/.exec(own)?.groups?.driver
  const close = own.indexOf('): ')
  if (driver === undefined || close < 0) return undefined
  const places = [close, own.lastIndexOf('): ')]
  const said = own.slice((places[0] ?? close) + 3)
  const refusal = refusals.find((candidate) => said.startsWith(candidate.said))
  if (refusal === undefined) return undefined
  const message: Message = {
    event: { ...refusal.is, reason: refusal.said },
    service: { name: 'dovecot' },
    tidewaiter: { module: driver },
  }
  if (places[0] !== places[1]) return doubtful(message)
  addWho(message, own.slice(driver.length + 1, close))
  return message
}

/** A name can have a comma: the address is behind the last one, before a session. */
function addWho(message: Message, text: string): void {
  const who = /^(?<user>.*?)(?:,(?<address>[0-9A-Fa-f:.]{2,45}))?(?:,<[^<>,]{0,64}>)?$/.exec(text)?.groups
  if (who?.user) message.user = { name: who.user }
  if (who?.address) message.source = toEnd(who.address)
}
