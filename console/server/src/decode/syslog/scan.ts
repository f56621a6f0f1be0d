import { toCount } from '../text.ts'
import { type Reading, readClassic, readIso, type Written } from '../written.ts'

/** One line of syslog, cut into its parts. `raw` is the time as written, empty where RFC 5424 says nil. */
export interface Line {
  raw: string
  written?: Written
  priority?: number
  version?: string
  host?: string
  program?: string
  pid?: string
  msgid?: string
  structured?: string
  message: string
}

/**
 * Cuts a line as RFC 3164 daemons, rsyslog's ISO format and RFC 5424 write it, with or without `<PRI>`. Undefined for
 * what does not begin with a time of theirs, or goes on after it as no syslog does.
 */
export function scan(text: string): Line | undefined {
  const priorityEnd = text.charCodeAt(0) === 60 ? endOfPriority(text) : 0
  const line = scanAfterPriority(text, priorityEnd)
  if (line !== undefined && priorityEnd > 0) line.priority = toCount(text.slice(1, priorityEnd - 1)) ?? 0
  return line
}

/** End of `<0>` to `<191>`; 0 where it is none. */
function endOfPriority(text: string): number {
  const end = text.indexOf('>', 1)
  const value = end > 4 ? undefined : toCount(text.slice(1, end))
  return value === undefined || value > 191 ? 0 : end + 1
}

function scanAfterPriority(text: string, from: number): Line | undefined {
  const first = text.charCodeAt(from)
  if (first === 49 && text.charCodeAt(from + 1) === 32) return scan5424(text, from)
  const isDigit = first >= 48 && first <= 57
  const reading = isDigit ? readIso(text, from) : readClassic(text, from)
  if (reading === undefined) return undefined
  const next = text.charCodeAt(reading.end)
  // A blank follows; some daemons put a colon where they name no host.
  if (next !== 32 && next !== 58 && reading.end < text.length) return undefined
  const line = scanHost(text, from, reading)
  return isDigit && !isSyslog(line) ? undefined : line
}

/** Where a program writes its own log, the level often stands where the host would. */
const levels = new Set(['trace', 'debug', 'info', 'notice', 'warn', 'warning', 'error', 'err', 'critical', 'fatal'])

/**
 * Many logs begin with such a time. rsyslog's has a `T` in it and a tag behind the host; with a blank in it, as macOS
 * writes it (`2026-11-25 13:34:21.250000-0500  host program[7]: text`), a process has to be named in full.
 */
function isSyslog({ raw, host, program, pid, message }: Line): boolean {
  if (raw.charCodeAt(10) === 32)
    return host !== undefined && program !== undefined && pid !== undefined && toCount(pid) !== undefined
  if (host !== undefined && levels.has(host.toLowerCase())) return false
  return program !== undefined || message.startsWith('-')
}

function scanHost(text: string, from: number, { written, end }: Reading): Line {
  const line: Line = { raw: text.slice(from, end), written, message: '' }
  let at = skipBlanks(text, text.charCodeAt(end) === 58 ? end + 1 : end)
  // FreeBSD's syslogd -v: `<4.6>` or `<auth.info>` before the host.
  if (text.charCodeAt(at) === 60) at = skipBlanks(text, endOfWord(text, at))
  const wordEnd = endOfWord(text, at)
  if (isTag(text, at, wordEnd) || isAside(text, at)) return scanTag(text, at, line)
  line.host = text.slice(at, wordEnd)
  return scanTag(text, skipBlanks(text, wordEnd), line)
}

/** True for a word such as `kernel:`, `sshd[7]:` or `[sshd]`, which stands where the host was left out. */
function isTag(text: string, at: number, end: number): boolean {
  return text.charCodeAt(end - 1) === 58 || (text.charCodeAt(at) === 91 && text.charCodeAt(end - 1) === 93)
}

/** syslogd's own remarks: `--- last message repeated 5 times ---`. */
function isAside(text: string, at: number): boolean {
  return text.startsWith('---', at)
}

/** `program[pid]: message`, as RFC 3164 4.1.3 describes it; text without a colon after its first word is all message. */
function scanTag(text: string, at: number, line: Line): Line {
  const end = endOfWord(text, at)
  const open = text.charCodeAt(at) === 91 ? -1 : indexWithin(text, '[', at, end)
  const close = open < 0 ? -1 : indexWithin(text, ']', open, end)
  if (open >= 0 && close >= 0) {
    line.program = text.slice(at, open)
    line.pid = text.slice(open + 1, close)
    return withMessage(text, text.charCodeAt(close + 1) === 58 ? close + 2 : close + 1, line)
  }
  if (text.charCodeAt(end - 1) === 58 && end - 1 > at) {
    line.program = bare(text.slice(at, end - 1))
    return withMessage(text, end, line)
  }
  if (isTag(text, at, end)) {
    line.program = bare(text.slice(at, end))
    return withMessage(text, end, line)
  }
  line.message = text.slice(at)
  return line
}

/** One blank after the tag belongs to the format; sudo and others put more of their own, which are theirs. */
function withMessage(text: string, at: number, line: Line): Line {
  const from = text.charCodeAt(at) === 32 ? at + 1 : at
  // Solaris: `[ID 800047 auth.info] ` before the message.
  const skip = text.startsWith('[ID ', from) ? text.indexOf('] ', from) + 2 : 0
  line.message = text.slice(skip > 1 ? skip : from)
  return line
}

function bare(tag: string): string {
  return tag.startsWith('[') && tag.endsWith(']') ? tag.slice(1, -1) : tag
}

function scan5424(text: string, from: number): Line | undefined {
  const timeAt = from + 2
  const nil = text.startsWith('- ', timeAt)
  const reading = nil ? undefined : readIso(text, timeAt)
  if (!nil && (reading === undefined || text.charCodeAt(reading.end) !== 32)) return undefined
  const line: Line = { raw: nil ? '' : text.slice(timeAt, reading?.end), version: '1', message: '' }
  if (reading !== undefined) line.written = reading.written
  let at = (nil ? timeAt + 1 : (reading?.end ?? timeAt)) + 1
  for (const field of ['host', 'program', 'pid', 'msgid'] as const) {
    const end = endOfWord(text, at)
    const value = text.slice(at, end)
    if (value !== '-') line[field] = value
    at = end + 1
  }
  const end = endOfStructured(text, at)
  if (end > at + 1) line.structured = text.slice(at, end)
  const body = text.charCodeAt(end) === 32 ? end + 1 : end
  // The byte order mark says UTF-8 and is no part of the message (RFC 5424 6.4). rsyslog writes a blank of its own.
  line.message = text.slice(text.charCodeAt(body) === 0xfeff || text.charCodeAt(body) === 32 ? body + 1 : body)
  return line
}

/** End of `-` or of `[id name="value"]...`, where `\"`, `\\` and `\]` are escaped (RFC 5424 6.3.3). */
function endOfStructured(text: string, from: number): number {
  if (text.charCodeAt(from) !== 91) return endOfWord(text, from)
  let quoted = false
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 92 && quoted) i++
    else if (code === 34) quoted = !quoted
    else if (code === 93 && !quoted && text.charCodeAt(i + 1) !== 91) return i + 1
  }
  return text.length
}

function endOfWord(text: string, from: number): number {
  const end = text.indexOf(' ', from)
  return end < 0 ? text.length : end
}

function indexWithin(text: string, what: string, from: number, end: number): number {
  const code = what.charCodeAt(0)
  for (let i = from; i < end; i++) if (text.charCodeAt(i) === code) return i
  return -1
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === 32) at++
  return at
}
