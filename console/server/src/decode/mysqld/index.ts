import { readDate, readShortYear } from '../dated.ts'
import { accountSentences } from '../mysql-account.ts'
import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { meanings, readSentence, type Sentence } from '../sentence.ts'
import { readStructured, structuredFront } from './structured.ts'

const thread = /^ (?:(?<thread>\d{1,20}) )?(?=\[(?<level>Note|Warning|ERROR|System|Error)\] )/

const server = { category: ['process'] } as const

const sentences: readonly Sentence[] = [
  ...accountSentences,
  {
    pattern:
      /^Aborted connection \d{1,20} to db: '[^']*' user: 'unauthenticated' host: '(?<address>[^']{0,255})' \((?<reason>[^()']*)\)$/,
    is: meanings.broken,
  },
  {
    pattern:
      /^Aborted connection \d{1,20} to db: '[^']*' user: '(?<user>.*)' host: '(?<address>[^']{0,255})' \((?<reason>[^()']*)\)$/,
    is: meanings.closed,
  },
  { pattern: /^Host '(?<address>[^']{1,255})' is blocked because of many connection errors/, is: meanings.refused },
  { pattern: /^(?<reason>Too many connections)$/, is: meanings.refused },
  { pattern: /^Could not read packet: /, is: meanings.broken },
  {
    pattern: /^Starting MariaDB (?<version>\S{1,80}) /,
    is: { ...server, type: ['start'], action: 'server-started' },
  },
  {
    pattern: /^\S{1,255} \(mysqld (?<version>\S{1,80})\) starting as process \d/,
    is: { ...server, type: ['start'], action: 'server-started' },
  },
  {
    pattern: /^\S{1,255} \(initiated by: (?<initiator>[^()]{1,300})\): Normal shutdown$/,
    is: { ...server, type: ['end'], action: 'server-stopped' },
  },
  {
    pattern: /^Received SHUTDOWN from user (?<initiator>\S{1,300})\. Shutting down mysqld/,
    is: { ...server, type: ['end'], action: 'server-stopped' },
  },
  { pattern: /^\S{1,255}: Normal shutdown$/, is: { ...server, type: ['end'], action: 'server-stopped' } },
  {
    pattern: /^Plugin '?(?<plugin>[\w-]{1,64})'? (?:is )?(?<reason>disabled|registration as an? .{1,40} failed)/,
    is: { category: ['configuration'], type: ['info'], action: 'plugin-not-loaded' },
  },
]

/**
 * The error log of MySQL and MariaDB: one of three times, a thread, `[Warning]`, and since 8.0 a code and a subsystem, or
 * all of it as JSON.
 */
export const mysqld: OwnLog = {
  id: 'mysqld',
  title: 'MySQL and MariaDB error log',
  programs: ['mysqld', 'mariadbd', 'mysqld_safe', 'mysql', 'mariadb'],
  usual: logNamed('(mysql|mariadb|mysqld)/?[\\w.-]*(error|mysqld|mysql|mariadb|err)(\\.log|\\.err)?'),
  front(text) {
    if (text.startsWith('{')) return structuredFront(text)
    const reading = readShortYear(text) ?? readDate(text)
    const rest = reading && thread.exec(text.slice(reading.end, reading.end + 40))
    if (!reading || !rest) return undefined
    return { ...frontOf(text, reading), next: reading.end + rest[0].length, ...rest.groups }
  },
  decode(text) {
    if (text.startsWith('{')) return readStructured(text, read)
    const before = /^\[[A-Za-z]{1,10}\] (?:\[MY-(?<code>\d{6})\] )?(?:\[[A-Za-z]{1,20}\] )?/.exec(text)
    const message = read(text.slice(before?.[0].length ?? 0))
    const code = before?.groups?.code
    if (message !== undefined && code !== undefined) message.event.code = `MY-${code}`
    return message
  },
}

function read(text: string) {
  return readSentence(sentences, text, 'mysqld')
}
