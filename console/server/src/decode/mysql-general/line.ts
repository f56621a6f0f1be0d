import { readDate, readShortYear } from '../dated.ts'
import type { Reading } from '../written.ts'

/** The first line of what a session asked of the server. */
export interface Asked {
  /** The time as it is written; absent where the second is that of the line before. */
  raw?: string
  reading?: Reading
  connection: string
  command: string
  argument: string
}

/** Commands as both servers name them (sql/sql_parse.cc, `command_name`). */
const commands =
  'Sleep|Quit|Init DB|Query|Field List|Create DB|Drop DB|Refresh|Shutdown|Statistics|Processlist|Connect Out|Connect|Kill|Debug|Ping|Time|Delayed insert|Change user|Binlog Dump GTID|Binlog Dump|Table Dump|Register Slave|Register Replica|Prepare|Execute|Long Data|Close stmt|Reset stmt|Set option|Fetch|Daemon|Reset Connection|clone|Error|Bulk_execute|Slave_worker|Slave_IO|Slave_SQL'

const asked = new RegExp(`^\\s{1,3} *(?<connection>\\d{1,20}) (?<command>${commands})\\s?\\t?(?<argument>.*)$`, 's')

/** `261127  1:27:39\t     3 Connect\troot@localhost on `, or the same behind two tabs. Undefined for any other line. */
export function readAsked(line: string): Asked | undefined {
  const reading = line.startsWith('\t') ? undefined : (readTime(line) ?? null)
  if (reading === null) return undefined
  const said = asked.exec(line.slice(reading?.end ?? 0))?.groups
  if (said === undefined) return undefined
  const { connection = '', command = '', argument = '' } = said
  const times = reading === undefined ? {} : { raw: line.slice(0, reading.end), reading }
  return { ...times, connection, command, argument }
}

/** The time at the front of a line, which a tab follows. */
export function readTime(line: string): Reading | undefined {
  const short = readShortYear(`${line.slice(0, 15)} `)
  const reading = short ?? readDate(line)
  return reading !== undefined && line[reading.end] === '\t' ? reading : undefined
}
