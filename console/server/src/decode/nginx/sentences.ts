import { meanings, type Sentence } from '../sentence.ts'

const denied = { category: ['web', 'network'], type: ['access', 'denied'], outcome: 'failure' } as const

/** The message before `, client: `. */
export const sentences: readonly Sentence[] = [
  { pattern: /^user "(?<user>.*)":? was not found in "[^"]*"$/, is: meanings.unknownUser },
  { pattern: /^user "(?<user>.*)": (?<reason>password mismatch)/, is: meanings.notSignedIn },
  { pattern: /^PAM: user '(?<user>.*)' - not authenticated: (?<reason>.*)$/, is: meanings.notSignedIn },
  { pattern: /^(?<reason>no user\/password was provided) for basic authentication/, is: meanings.undecided },
  { pattern: /^(?<reason>access forbidden by rule)/, is: { ...denied, action: 'access-denied' } },
  {
    pattern: /^(?<reason>limiting (?:requests|connections)|delaying request)\b.* by zone "(?<zone>[^"]*)"/,
    is: { ...denied, action: 'rate-limited' },
  },
  {
    pattern: /^SSL_(?:do_handshake|read|write)\(\) failed \(SSL: (?<reason>.*)\) while /,
    is: meanings.protocolRefused,
  },
]
