import { has, line } from '../bytes.ts'
import { mostText, type StreamProtocol } from '../protocol.ts'

/**
 * Protocols in which the server greets and the client commands, line by line. The same greeting serves several, so that
 * a command or the greeting's own words must decide.
 */
interface Greeting {
  name: string
  greets: RegExp
  /** Words of a greeting that no other protocol says of itself. */
  says: RegExp
  /** First command of a client. */
  commands: RegExp
}

/** RFC 959, RFC 5321, RFC 1939, RFC 3501: section 5.3, 4.1, 5 and 6 for the commands. */
const greetings: readonly Greeting[] = [
  {
    name: 'ftp',
    greets: /^(220|120|421)[ -]/,
    says: /\bftp\b|ftpd|filezilla/i,
    commands: /^(USER \S|AUTH (TLS|SSL)|FEAT$|SYST$|OPTS \S|HOST \S|CLNT \S|PASV$|EPSV)/i,
  },
  {
    name: 'smtp',
    greets: /^(220|421|554)[ -]/,
    says: /\bE?SMTP\b|sendmail|postfix|\bexim\b/i,
    commands: /^(EHLO|HELO|LHLO) \S/i,
  },
  {
    name: 'pop3',
    greets: /^\+OK( |$)/,
    says: /\bPOP3?\b/i,
    commands: /^(CAPA$|USER \S|APOP \S|AUTH( |$)|STLS$|QUIT$)/i,
  },
  {
    name: 'imap',
    greets: /^\* (OK|PREAUTH|BYE) /,
    says: /\bIMAP4?(rev1|rev2)?\b/i,
    commands: /^[A-Za-z0-9._-]{1,20} (CAPABILITY$|LOGIN \S|AUTHENTICATE \S|STARTTLS$|ID |NOOP$|LOGOUT$|SELECT \S)/i,
  },
]

export const greetingProtocols: readonly StreamProtocol[] = greetings.map((greeting) => ({
  name: greeting.name,
  finds: (asks, answers) => findIn(greeting, asks, answers),
}))

function findIn({ name, greets, says, commands }: Greeting, asks: Uint8Array, answers: Uint8Array) {
  const [command, banner] = [lineOf(asks), lineOf(answers)]
  const isGreeted = banner !== undefined && greets.test(banner)
  const isCommanded = command !== undefined && commands.test(command)
  if (!isGreeted && answers.length > 0) return undefined
  if (!isCommanded && asks.length > 0) return undefined
  const isSure = isGreeted ? isCommanded || says.test(banner) : isCommanded && isSureAlone(name)
  return isSure ? { name, ...(banner !== undefined && { own: { server_banner: banner } }) } : undefined
}

/** Commands that no other protocol begins with, where the answers were not captured. */
const isSureAlone = (name: string) => name === 'smtp' || name === 'imap'

/** Its first line, of a length that these protocols allow. */
function lineOf(bytes: Uint8Array): string | undefined {
  // Most flows begin with neither a letter nor a mark of these.
  if (bytes.length === 0 || has(bytes, 0, '\x16')) return undefined
  const text = line(bytes.subarray(0, mostText), 0)
  return text?.trimEnd()
}
