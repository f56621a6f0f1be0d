import { readCommon, type Written } from '../written.ts'

/** The parts of an access log line, as they were written. */
export interface Line {
  /** Virtual host that a log of several sites begins its lines with. */
  vhost?: string
  client: string
  user?: string
  time: Written
  rawTime: string
  request: string
  status?: number
  bytes?: number
  referrer?: string
  agent?: string
}

/** Far beyond what servers take as a request line (8 KiB) with a referrer and an agent as long. */
const mostCharacters = 65_536

/**
 * A line of the Common or Combined Log Format (httpd.apache.org/docs/2.4/logs.html#accesslog; nginx calls it combined).
 * Undefined for anything else. Only the client's name of itself may hold blanks: a quote in it is escaped by the server,
 * so the first time that is followed by ` "` is the server's own.
 */
export function scan(text: string): Line | undefined {
  if (text.length > mostCharacters) return undefined
  const timed = findTime(text)
  const who = timed && readWho(text.slice(0, timed.from - 1))
  if (timed === undefined || who === undefined) return undefined
  const request = readQuoted(text, timed.end + 2)
  if (request === undefined) return undefined
  const line: Line = { ...who, time: timed.written, rawTime: timed.raw, request: request.text }
  const [status = '', bytes = ''] = text.slice(request.end + 1, request.end + 32).split(' ')
  if (/^[1-9]\d\d$/.test(status)) line.status = Number(status)
  // A request that nobody answered has a dash or 0.
  else if (status !== '-' && status !== '0' && status !== '000') return undefined
  if (/^\d{1,15}$/.test(bytes)) line.bytes = Number(bytes)
  addCombined(line, text, request.end + status.length + bytes.length + 3)
  return line
}

function findTime(text: string) {
  for (let from = text.indexOf('['); from > 0; from = text.indexOf('[', from + 1)) {
    const end = text.indexOf(']', from)
    if (end < 0) return undefined
    if (text[from - 1] !== ' ' || !text.startsWith(' "', end + 1) || end - from > 40) continue
    const reading = readCommon(text, from + 1)
    if (reading?.end === end) return { from, end: end + 1, written: reading.written, raw: text.slice(from + 1, end) }
  }
  return undefined
}

/** What stands before the time: `[vhost[:port]] client ident user`. */
function readWho(text: string): Pick<Line, 'vhost' | 'client' | 'user'> | undefined {
  const words = text.split(' ')
  // A log of several sites names the one before the client; the ident of a client is a dash nearly everywhere.
  const first = words.length > 3 && words[1] !== '-' && words[2] === '-' ? 1 : 0
  const client = words[first]
  const user = words.slice(first + 2).join(' ')
  if (client === undefined || client === '' || user === '') return undefined
  return {
    ...(first === 1 && { vhost: words[0] ?? '' }),
    client,
    ...(user !== '-' && user !== '""' && { user }),
  }
}

function addCombined(line: Line, text: string, at: number): void {
  if (text[at] !== '"') return
  const referrer = readQuoted(text, at + 1)
  if (referrer === undefined) return
  if (isGiven(referrer.text)) line.referrer = referrer.text
  if (!text.startsWith('"', referrer.end + 1)) return
  const agent = readQuoted(text, referrer.end + 2)
  if (agent !== undefined && isGiven(agent.text)) line.agent = agent.text
}

function isGiven(text: string): boolean {
  return text !== '-' && text !== ''
}

/** Text up to the quote that ends it, and where what follows begins. A server writes a quote as \" or \x22. */
function readQuoted(text: string, from: number): { text: string; end: number } | undefined {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x5c) at++
    else if (code === 0x22) return { text: text.slice(from, at), end: at + 1 }
  }
  return undefined
}
