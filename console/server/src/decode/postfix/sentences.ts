import type { Message } from '../decoder.ts'
import { meanings, type Sentence } from '../sentence.ts'

/**
 * A client as postfix names it, before anything that the client chose: `NAME[ADDRESS]` with a name that was looked up
 * both ways (smtpd_peer.c), in postscreen `[ADDRESS]:PORT`. No host name has a bracket or a blank.
 */
export const peer = '(?<domain>[^\\s[\\]]{1,255})?\\[(?<address>[^\\s[\\]]{1,64})\\](?::(?<port>\\d{1,5}))?'
const queue = '(?:[0-9A-Za-z]{5,24}: )?'
const mailRefused: Message['event'] = {
  category: ['email', 'network'],
  type: ['info', 'denied'],
  outcome: 'failure',
  action: 'mail-refused',
}
const unproven: Message['event'] = { ...meanings.broken, outcome: 'unknown' }

/** Of releases 2.3 to 3.9, by the first words. */
export const sentences: readonly Sentence[] = [
  {
    pattern: new RegExp(
      `^warning: ${peer}: SASL (?<method>\\S{1,40}) authentication failed: (?<reason>Connection lost to authentication server)`,
    ),
    is: meanings.undecided,
  },
  {
    pattern: new RegExp(
      `^warning: ${peer}: SASL (?<method>\\S{1,40}) authentication failed:(?<reason>.*?)(?:, sasl_username=(?<user>.*))?$`,
    ),
    is: meanings.notSignedIn,
  },
  {
    pattern: new RegExp(
      `^[0-9A-Za-z]{5,24}: client=${peer}, sasl_method=(?<method>[^,\\s]{1,40}), sasl_username=(?<user>.*?)(?:, sasl_sender=.*)?$`,
    ),
    is: meanings.signedIn,
  },
  {
    pattern: new RegExp(
      `^${queue}(?:milter-)?reject: (?<stage>[A-Z-]{1,20}) from ${peer}: (?<code>\\d{3})(?<reason>.*?)(?:; from=<(?<sender>[^>]{0,320})> ?,? ?to=<(?<recipient>[^>]{0,320})>.*|; proto=.*)?$`,
    ),
    is: mailRefused,
  },
  // Mail that breaks off, and a sign-in whose end other lines tell, say nothing of the client.
  {
    pattern: new RegExp(
      `^${queue}(?:lost connection|timeout) after (?<stage>AUTH|DATA|BDAT|END-OF-MESSAGE)\\b.* from ${peer}$`,
    ),
    is: unproven,
  },
  {
    pattern: new RegExp(`^${queue}(?:lost connection|timeout) after (?<stage>[A-Z-]{1,20}) from ${peer}$`),
    is: meanings.broken,
  },
  {
    pattern: new RegExp(
      `^(?<reason>improper command pipelining|too many errors) after (?<stage>[A-Z-]{1,20})(?: \\(\\d+ bytes\\))? from ${peer}(?:$|:)`,
    ),
    is: meanings.protocolRefused,
  },
  {
    pattern: new RegExp(`^(?:warning: )?(?<reason>non-SMTP command) from ${peer}: `),
    is: meanings.protocolRefused,
  },
  { pattern: new RegExp(`^SSL_accept error from ${peer}: (?<reason>.*)$`), is: meanings.protocolRefused },
  {
    pattern: new RegExp(
      `^warning: (?<reason>(?:Connection|Message delivery request|Recipient address|New TLS session|AUTH command) (?:rate|concurrency) limit exceeded): \\d+ from ${peer} for service `,
    ),
    is: meanings.dropped,
  },
  {
    pattern:
      /^warning: hostname \S{1,255} does not resolve to address (?<address>[^\s:]{1,64}|[0-9A-Fa-f:.]{2,64})(?:$|: (?<reason>.*)$)/,
    is: { ...meanings.opened, type: ['connection', 'info'], outcome: 'failure', action: 'name-unconfirmed' },
  },
  { pattern: new RegExp(`^connect from ${peer}$`), is: meanings.opened },
  // postscreen (POSTSCREEN_README)
  { pattern: new RegExp(`^CONNECT from ${peer} to `), is: meanings.opened },
  { pattern: new RegExp(`^DISCONNECT ${peer}$`), is: meanings.closed },
  {
    pattern: new RegExp(`^(?<reason>PREGREET) \\d+ after [\\d.]+ from ${peer}: `),
    is: meanings.protocolRefused,
  },
  {
    pattern: new RegExp(`^(?<reason>HANGUP) after [\\d.]+ from ${peer} in `),
    is: meanings.broken,
  },
  {
    pattern: new RegExp(
      `^(?<reason>COMMAND (?:TIME|COUNT|LENGTH) LIMIT|COMMAND PIPELINING|NON-SMTP COMMAND|BARE NEWLINE) from ${peer} after `,
    ),
    is: meanings.protocolRefused,
  },
  {
    pattern: new RegExp(`^(?<reason>DNSBL rank \\d+|BLACKLISTED|DENYLISTED) (?:for )?${peer}$`),
    is: meanings.refused,
  },
]
