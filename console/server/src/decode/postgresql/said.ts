import type { End } from '../address.ts'
import type { Written } from '../written.ts'

/** What one message of the server says, whatever form (stderr, CSV, JSON) it was written in. */
export interface Said {
  /** `LOG`, `ERROR`, `FATAL` ... */
  severity: string
  message: string
  detail?: string | undefined
  hint?: string | undefined
  context?: string | undefined
  statement?: string | undefined
  /** SQLSTATE. */
  code?: string | undefined
  user?: string | undefined
  database?: string | undefined
  application?: string | undefined
  client?: End | undefined
  pid?: number | undefined
  session?: string | undefined
  /** Tag of the command that the session was at. */
  command?: string | undefined
  backend?: string | undefined
  time?: SaidTime | undefined
  /** The text can be read in more than one way. */
  isDoubtful?: boolean
}

/** A time as it stands in the log. `zone` is the word behind it: an abbreviation, or an offset such as `+03`. */
export interface SaidTime {
  raw: string
  written?: Written
  zone?: string
  /** RFC 3339, where it is written as seconds since 1970. */
  at?: string
}

export const severities = 'DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC'
/** What goes on from a message in lines of its own (postgresql.org/docs/15/error-style-guide.html). */
export const additions = 'DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE'
