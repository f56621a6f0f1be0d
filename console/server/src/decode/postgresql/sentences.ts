import { meanings, type Sentence } from '../sentence.ts'

const peer = '(?:\\[local\\]|(?<address>[^\\s"]{1,255}))(?: port=(?<port>\\d{1,5}))?'
const server = { category: ['process'] } as const

/**
 * Messages of the server in English, as its sources say them (src/backend/libpq/auth.c, tcop/postgres.c,
 * utils/init/postinit.c). Names in them are the client's: what comes behind one is only taken where it ends the text.
 */
export const sentences: readonly Sentence[] = [
  { pattern: new RegExp(`^connection received: host=${peer}$`), is: meanings.opened },
  {
    pattern: /^connection authenticated: identity="(?<identity>.*)" method=(?<method>[\w-]{1,40}) \(/,
    is: { category: ['authentication'], type: ['info'], outcome: 'success', action: 'authenticated' },
    once: /" method=/g,
  },
  {
    pattern: /^(?:replication )?connection authorized: user=(?<user>.*) database=(?<database>\S{1,128})(?: .*)?$/,
    is: meanings.signedIn,
    once: / database=/g,
  },
  {
    pattern: /^replication connection authorized: user=(?<user>\S{1,128})(?: .*)?$/,
    is: meanings.signedIn,
  },
  {
    pattern: new RegExp(
      `^disconnection: session time: (?<session_time>[\\d:.]{1,20}) user=(?<user>.*) database=(?<database>\\S{1,128}) host=${peer}$`,
    ),
    is: meanings.sessionClosed,
    once: / database=/g,
  },
  {
    pattern: /^(?<method>[A-Za-z"]{2,20}) authentication failed for user "(?<user>.*)"$/,
    is: meanings.notSignedIn,
  },
  {
    pattern: /^authentication failed for user "(?<user>.*)": (?<reason>host rejected|invalid authentication method)$/,
    is: meanings.notSignedIn,
  },
  {
    pattern:
      /^(?<reason>no pg_hba\.conf entry|pg_hba\.conf rejects connection) for (?:replication connection from )?host "(?<address>[^"]{1,255})", user "(?<user>.*)", database "(?<database>[^"]*)"(?:, (?<encryption>no encryption|SSL encryption|GSS encryption|SSL on|SSL off))?$/,
    is: meanings.notSignedIn,
    once: /", database "/g,
  },
  {
    pattern:
      /^(?<reason>no pg_hba\.conf entry|pg_hba\.conf rejects) (?:for )?replication connection (?:from|for) host "(?<address>[^"]{1,255})", user "(?<user>[^"]*)"(?:, (?<encryption>no encryption|SSL encryption|GSS encryption|SSL on|SSL off))?$/,
    is: meanings.notSignedIn,
  },
  { pattern: /^role "(?<user>.*)" (?<reason>does not exist|is not permitted to log in)$/, is: meanings.notSignedIn },
  { pattern: /^(?<reason>permission denied for database) "(?<database>[^"]*)"$/, is: meanings.userNotAllowed },
  { pattern: /^(?<reason>canceling authentication due to timeout)$/, is: meanings.signInTimeout },
  {
    pattern:
      /^(?<reason>sorry, too many clients already|too many connections for .{1,300}|remaining connection slots .*)$/,
    is: meanings.refused,
  },
  {
    pattern: /^(?<reason>could not receive data from client: .{1,200}|unexpected EOF on client connection.{0,60})$/,
    is: meanings.broken,
  },
  {
    pattern: /^parameter "(?<setting>[^"]{1,128})" changed to "(?<value>.{0,512})"$/,
    is: { category: ['configuration'], type: ['change'], action: 'setting-changed' },
  },
  {
    pattern: /^starting PostgreSQL (?<version>\S{1,40})/,
    is: { ...server, type: ['start'], action: 'server-started' },
  },
  {
    pattern: /^received (?<reason>smart|fast|immediate) shutdown request$/,
    is: { ...server, type: ['end'], action: 'server-stopped' },
  },
  { pattern: /^permission denied for .{1,300}$/, is: denied() },
  { pattern: /^must be (?:superuser|owner|a member) .{1,300}$/, is: denied() },
]

function denied(): Sentence['is'] {
  return { category: ['database'], type: ['error'], outcome: 'failure', action: 'permission-denied' }
}

/** Messages of these severities stand alone: they are what a server says that has a session opened. */
export const standsAlone = /^(?:connection received|connection authorized|connection authenticated|disconnection): /
