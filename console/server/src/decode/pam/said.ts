import type { Message } from '../decoder.ts'
import type { Origin } from './origin.ts'

/** `session opened for user root(uid=0) by ana(uid=1001)`; older releases say the first number not. */
export function sessionOpened(text: string, { service, next }: Origin): Message | undefined {
  const said = 'session opened for user '
  const by = text.lastIndexOf(' by ')
  if (!text.startsWith(said, next) || by < next + said.length) return undefined
  const opener = toUser(text.slice(by + 4))
  return {
    event: { category: ['session'], type: ['start'], action: 'session-opened' },
    user: toUser(text.slice(next + said.length, by)),
    service: { name: service },
    tidewaiter: { opened_by: opener },
  }
}

/** `session closed for user ana`. */
export function sessionClosed(text: string, { service, next }: Origin): Message | undefined {
  const said = 'session closed for user '
  if (!text.startsWith(said, next)) return undefined
  return {
    event: { category: ['session'], type: ['end'], action: 'session-closed' },
    user: toUser(text.slice(next + said.length)),
    service: { name: service },
  }
}

/** `NAME(uid=N)`, or one of the two. */
function toUser(text: string): { name?: string; id?: string } {
  const match = /^(.*)\(uid=(\d{1,10})\)$/s.exec(text)
  const [name = '', id] = match === null ? [text] : [match[1], match[2]]
  return { ...(name !== '' && { name }), ...(id !== undefined && { id }) }
}

/** `password changed for ana`, by passwd and chpasswd through pam_unix. */
export function passwordChanged(text: string, { service, next }: Origin): Message | undefined {
  const said = 'password changed for '
  if (!text.startsWith(said, next)) return undefined
  const name = text.slice(next + said.length)
  return {
    event: { category: ['iam'], type: ['user', 'change'], action: 'password-changed', outcome: 'success' },
    user: { target: { name } },
    service: { name: service },
  }
}

/** Sentences that say why nobody came in, with the name in them where there is one. */
const refusals: readonly { pattern: RegExp; action: string }[] = [
  { pattern: /^check pass; user unknown$/, action: 'user-unknown' },
  { pattern: /^account (?<name>\S+) has expired \(/, action: 'account-expired' },
  { pattern: /^expired password for user (?<name>\S+) \(/, action: 'password-expired' },
  { pattern: /^auth could not identify password for \[(?<name>[^\]]*)\]$/, action: 'authentication-failed' },
  { pattern: /^requirement ".*" not met by user "(?<name>[^"]*)"$/, action: 'user-not-allowed' },
  { pattern: /^access denied for user [`'](?<name>[^`']*)'/, action: 'user-not-allowed' },
  { pattern: /^user (?<name>\S+) \(\d+\) tally \d+, deny \d+$/, action: 'account-locked' },
  {
    pattern: /^Consecutive login failures for user (?<name>\S+) account temporarily locked$/,
    action: 'account-locked',
  },
]

/** Longest sentence of a module that is looked at. */
const mostCharacters = 1024

export function refusal(text: string, { service, module, next }: Origin): Message | undefined {
  if (text.length > next + mostCharacters) return undefined
  const said = text.slice(next)
  for (const { pattern, action } of refusals) {
    const match = pattern.exec(said)
    if (match === null) continue
    const name = match.groups?.name
    const message: Message = {
      event: { category: ['authentication'], type: ['info'], outcome: 'failure', action },
      service: { name: service },
    }
    if (name !== undefined && name !== '') message.user = { name }
    if (module !== undefined) message.tidewaiter = { module }
    return message
  }
  return undefined
}
