import { readIso, type Written } from '../written.ts'

/** A line that begins an entry of the log. */
export interface Line {
  raw: string
  written: Written
  /** `Logon`, `Server`, `Backup`, `spid51`: who wrote it. */
  speaker: string
  message: string
}

/** `2022-12-20 12:36:54.17 Logon       Login failed ...`: local time of the server, hundredths of a second. */
export function readLine(text: string): Line | undefined {
  const reading = readIso(text, 0)
  if (reading === undefined || reading.end > 23 || text[10] !== ' ' || reading.written.offset !== undefined)
    return undefined
  const rest =
    /^ {1,2}(?<speaker>[A-Za-z][\w ()*?]{1,14}?) {2,}(?<message>.*)$|^ {1,2}(?<long>[A-Za-z]\w{1,14}) (?<more>.*)$/s.exec(
      text.slice(reading.end, reading.end + 16_384),
    )
  const { speaker, message, long, more } = rest?.groups ?? {}
  if (reading.written.fraction.length < 2 || rest === null) return undefined
  return {
    raw: text.slice(0, reading.end),
    written: reading.written,
    speaker: speaker ?? long ?? '',
    message: message ?? more ?? '',
  }
}

/** Words that speak in this log, where another has the level of a message (src: "View the SQL Server error log"). */
export function isSpeaker(word: string): boolean {
  return /^(?:Logon|Server|Backup|spid\d{1,6}s?|Service Broker manager)$/i.test(word)
}

const numbers = /^Error: (?<code>\d{1,8}), Severity: (?<severity>\d{1,3}), State: (?<state>\d{1,5})\.(?:$| )/

/** The line before a message that is an error. */
export function readNumbers(message: string): { code: string; severity: string; state: string } | undefined {
  const { code, severity, state } = numbers.exec(message)?.groups ?? {}
  return code === undefined || severity === undefined || state === undefined ? undefined : { code, severity, state }
}
