import { readDate, readShortYear } from '../dated.ts'
import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { meanings, readSentence, type Sentence } from '../sentence.ts'

const thread = /^ (?:(?<thread>\d{1,20}) )?(?=\[(?:Note|Warning|ERROR|System)\] )/

/**
 * A name may hold `'@'192.0.2.7' (using password: NO)`; after the last `'@'` comes the address or name that the server
 * found, and after that nothing that a client chose, or the name of a database, in which no quote is believed.
 */
const sentences: readonly Sentence[] = [
  {
    pattern:
      /^Access denied for user '(?<user>.*)'@'(?<address>[^']{0,255})'(?: \(using password: (?<password>YES|NO)\))?$/,
    is: meanings.notSignedIn,
  },
  {
    pattern: /^Access denied for user '(?<user>.*)'@'(?<address>[^']{0,255})' to database '(?<database>[^']*)'$/,
    is: meanings.userNotAllowed,
  },
  {
    pattern:
      /^Aborted connection \d{1,20} to db: '[^']*' user: '(?<user>.*)' host: '(?<address>[^']{0,255})' \((?<reason>[^()']*)\)$/,
    is: meanings.closed,
  },
  { pattern: /^Host '(?<address>[^']{1,255})' is blocked because of many connection errors/, is: meanings.refused },
]

/** The error log of MySQL and MariaDB: one of three times, a thread, `[Warning]`, and since 8.0 a code and a subsystem. */
export const mysqld: OwnLog = {
  id: 'mysqld',
  title: 'MySQL and MariaDB error log',
  programs: ['mysqld', 'mariadbd', 'mysqld_safe', 'mysql', 'mariadb'],
  usual: logNamed('(mysql|mariadb|mysqld)/?[\\w.-]*(error|mysqld|mysql|mariadb|err)(\\.log|\\.err)?'),
  front(text) {
    const reading = readShortYear(text) ?? readDate(text)
    const rest = reading && thread.exec(text.slice(reading.end, reading.end + 40))
    if (!reading || !rest) return undefined
    return { ...frontOf(text, reading), next: reading.end + rest[0].length, thread: rest.groups?.thread }
  },
  decode(text) {
    const before = /^\[[A-Za-z]{1,10}\] (?:\[MY-\d{6}\] )?(?:\[[A-Za-z]{1,20}\] )?/.exec(text)
    return readSentence(sentences, text.slice(before?.[0].length ?? 0), 'mysqld')
  },
}
