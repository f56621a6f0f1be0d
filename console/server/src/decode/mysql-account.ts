import { meanings, type Sentence } from './sentence.ts'

/**
 * What MySQL and MariaDB say of an account, in each of their logs. A name may hold `'@'192.0.2.7' (using password: NO)`;
 * after the last `'@'` comes the address or name that the server found, and after that nothing that a client chose, or
 * the name of a database, in which no quote is believed.
 */
export const accountSentences: readonly Sentence[] = [
  {
    pattern:
      /^Access denied for user '(?<user>.*)'@'(?<address>[^']{0,255})'(?: \(using password: (?<password>YES|NO)\))?$/,
    is: meanings.notSignedIn,
  },
  {
    pattern:
      /^Access denied for user '(?<user>.*)'@'(?<address>[^']{0,255})'\. (?<reason>Account is [\w ().,]{1,200})$/,
    is: meanings.notSignedIn,
  },
  {
    pattern: /^Access denied for user '(?<user>.*)'@'(?<address>[^']{0,255})' to database '(?<database>[^']*)'$/,
    is: meanings.userNotAllowed,
  },
]
