import { meanings, type Sentence } from '../sentence.ts'

/** Stands last, where nothing that a client chose comes behind it; `<local machine>` is no address. */
const client = '\\[CLIENT: (?:<(?<local>[a-z ]{1,40})>|(?<address>[0-9A-Fa-f:.%]{2,60}))\\]$'
const database = { category: ['database'] } as const
const setting = { category: ['database', 'configuration'], type: ['change'], action: 'setting-changed' } as const

/** Messages in English, as `sys.messages` holds them (learn.microsoft.com, "Database Engine events and errors"). */
export const sentences: readonly Sentence[] = [
  {
    pattern: new RegExp(`^Login succeeded for user '(?<user>.*)'\\. (?<method>Connection .{1,200}) ${client}`),
    is: meanings.signedIn,
    once: /'\. Connection /g,
  },
  {
    pattern: new RegExp(`^Login failed for user '(?<user>.*)'\\. Reason: (?<reason>.{1,600}) ${client}`),
    is: meanings.notSignedIn,
    once: /'\. Reason: /g,
  },
  {
    pattern: new RegExp(`^Login failed for user '(?<user>.*)' (?<reason>because .{1,400}) ${client}`),
    is: meanings.notSignedIn,
    once: /' because /g,
  },
  {
    pattern: new RegExp(`^Login failed for user '(?<user>.*)'\\. {1,2}(?<reason>The .{1,400}) ${client}`),
    is: meanings.notSignedIn,
    once: /'\. {1,2}The /g,
  },
  { pattern: new RegExp(`^Login failed for user '(?<user>.*)'\\. ${client}`), is: meanings.notSignedIn },
  { pattern: new RegExp(`^Login failed\\. (?<reason>The login .{1,300}) ${client}`), is: meanings.notSignedIn },
  {
    pattern: new RegExp(`^SSPI handshake failed with error code (?<status>0x[0-9A-Fa-f]{1,8}).{0,600}? ${client}`),
    is: meanings.notSignedIn,
  },
  {
    pattern: new RegExp(
      `^(?<reason>The login packet used to open the connection is structurally invalid|Length specified in network packet payload did not match number of bytes read|The prelogin packet used to open the connection is structurally invalid).{0,300}? ${client}`,
    ),
    is: meanings.protocolRefused,
  },
  {
    pattern:
      /^Configuration option '(?<setting>[^']{1,128})' changed from (?<before>-?\d{1,12}) to (?<value>-?\d{1,12})\./,
    is: setting,
  },
  {
    pattern:
      /^Setting database option (?<setting>.{1,60}) to (?<value>.{1,60}) for database '(?<database>.{1,128})'\.$/,
    is: setting,
  },
  {
    pattern: /^DBCC TRACE(?:ON|OFF) (?<flag>[\d, -]{1,60}), server process ID \(SPID\) (?<spid>\d{1,6})\./,
    is: setting,
  },
  {
    pattern:
      /^(?<what>Database|Log|Database differential changes|Database file|File) (?:was |were )?backed up\. Database: (?<database>.{1,128}), creation date\(time\): .{0,1500}?(?:device information: \((?<devices>.{1,1000})\)\.? ?)?(?:This is an informational .*)?$/,
    is: { ...database, type: ['access'], outcome: 'success', action: 'backed-up' },
    once: /, creation date\(time\): /g,
  },
  {
    pattern: /^(?<what>Database|Log) was restored(?:\.|:) Database: (?<database>.{1,128}), creation date\(time\): /,
    is: { ...database, type: ['change'], outcome: 'success', action: 'restored' },
    once: /, creation date\(time\): /g,
  },
  {
    pattern:
      /^(?:BACKUP|RESTORE) failed to complete the command (?<command>.{1,300}?)\. Check the backup application log/,
    is: { ...database, type: ['error'], outcome: 'failure', action: 'backup-failed' },
  },
  {
    pattern:
      /^DBCC (?<command>\w{1,30}) \((?<database>.{1,128})\).{0,200}? executed by (?<user>.{1,128}) (?:found|terminated)/,
    is: { ...database, type: ['info'], action: 'checked' },
    once: / executed by /g,
  },
  {
    pattern:
      /^Using '(?<library>[^']{1,128})' version '[^']{1,60}' to execute extended stored procedure '(?<procedure>[^']{1,128})'/,
    is: { ...database, type: ['access'], action: 'procedure-loaded' },
  },
  {
    pattern: /^Attempting to load library '(?<library>[^']{1,128})' into memory/,
    is: { category: ['process'], type: ['info'], action: 'library-loaded' },
  },
  {
    pattern: /^Starting up database '(?<database>.{1,128})'\.$/,
    is: { ...database, type: ['info'], action: 'database-opened' },
  },
  {
    pattern: /^Process ID (?<spid>\d{1,6}) was killed by hostname (?<killer>\S{1,128}), host process ID \d{1,10}\.$/,
    is: { ...database, type: ['info'], action: 'session-killed' },
  },
  {
    pattern: /^SQL Trace ID (?<trace>\d{1,6}) was started by login "(?<user>[^"]{1,128})"\.$/,
    is: { ...database, type: ['info'], action: 'trace-started' },
  },
  {
    pattern: /^SQL Trace stopped\. Trace ID = '(?<trace>\d{1,6})'\. Login Name = '(?<user>[^']{1,128})'\.$/,
    is: { ...database, type: ['info'], action: 'trace-stopped' },
  },
  {
    pattern: /^SQL Server is (?<reason>starting at .{1,60}|now ready for client connections)/,
    is: { category: ['process'], type: ['start'], action: 'server-started' },
  },
  {
    pattern: /^SQL Server (?:is terminating|shutdown has been initiated|is terminating in response to).{0,200}$/,
    is: { category: ['process'], type: ['end'], action: 'server-stopped' },
  },
]
