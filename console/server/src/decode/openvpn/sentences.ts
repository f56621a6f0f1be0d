import { meanings, type Sentence } from '../sentence.ts'

/** What is said beside the sign-in, or of one who had not the key and came to none. */
const unproven = {
  ...meanings.notSignedIn,
  category: ['authentication', 'network'],
  action: 'authentication-failed',
} as const
const from = '(?: from \\[AF_INET6?\\](?<address>[0-9A-Fa-f.:[\\]]{3,60}))?'

/** Of releases 2.3 to 2.6. The client stands before the sentence; a name in it is one that was proven, or is quoted. */
export const sentences: readonly Sentence[] = [
  {
    pattern:
      /^(?:TCP connection established with|TLS: Initial packet from) \[AF_INET6?\](?<address>[0-9A-Fa-f.:[\]]{3,60})/,
    is: meanings.opened,
  },
  {
    pattern: /^TLS: Username\/Password authentication succeeded for username '(?<user>.*)' ?(?:\[CN SET\])?$/,
    is: meanings.signedIn,
  },
  { pattern: /^(?:TLS: )?Authentication succeeded(?: for username '(?<user>.*)')?/, is: meanings.signedIn },
  {
    pattern: /^TLS Auth Error: (?<reason>Auth Username\/Password verification failed) for peer/,
    is: meanings.notSignedIn,
  },
  { pattern: /^TLS Auth Error: (?<reason>.*)$/, is: meanings.notSignedIn },
  {
    pattern: /^(?:AUTH: Received control message: |SENT CONTROL \[[^\]]{0,64}\]: ')(?<reason>AUTH_FAILED)/,
    is: unproven,
  },
  { pattern: /^VERIFY (?:ERROR|SCRIPT ERROR|EKU ERROR|KU ERROR|nsCertType ERROR)(?:: )?(?<reason>.*)$/, is: unproven },
  {
    pattern: new RegExp(
      `^TLS Error: (?<reason>tls-crypt unwrapping failed|tls-crypt-v2 .*? failed|incoming packet authentication failed|cannot locate HMAC in incoming packet|TLS handshake failed|TLS key negotiation failed|TLS object -> incoming plaintext read error|reading acknowledgement record from packet|unknown opcode received)${from}`,
    ),
    is: unproven,
  },
  { pattern: /^OpenSSL: (?<reason>error:.*)$/, is: meanings.protocolRefused },
  { pattern: /^Authenticate\/Decrypt packet error: (?<reason>.*)$/, is: unproven },
  {
    // A client without a certificate is called UNDEF.
    pattern: /^\[(?:UNDEF|(?<user>[\w.@-]{1,64}))\] Peer Connection Initiated with \[AF_INET6?\]/,
    is: { ...meanings.sessionOpened, category: ['session', 'network'], type: ['start', 'connection'] },
  },
  {
    pattern: /^(?:SIGTERM|SIGUSR1|SIGINT)\[[^\]]{0,60}\] received, client-instance (?:exiting|restarting)/,
    is: meanings.closed,
  },
]
