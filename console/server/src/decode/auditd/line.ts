/** One line of the audit log: what the kernel or a program said of one thing that happened. */
export interface AuditLine {
  node?: string
  type: string
  /** Seconds since 1970 and the milliseconds beside them, as written. */
  seconds: number
  milliseconds: string
  /** Number of the event, the same in all its lines. */
  serial: number
  fields: Fields
  /** What auditd added when it wrote the line: `UID="jdoe"` beside `uid=1000`. */
  names: Fields
}

/** Values by name, decoded; those that were not known (`?`, `(null)`, `(none)`) are left out. */
export type Fields = ReadonlyMap<string, string>

/** The kernel ends a line at 8,970 bytes (MAX_AUDIT_MESSAGE_LENGTH); what is enriched is longer. */
const mostCharacters = 65_536
const mostFields = 400
/** Between what was said and what auditd added. */
const enriched = '\u001d'

const head =
  /^(?:node=(\S{1,255}) )?type=([A-Z][A-Z0-9_]{1,40}|UNKNOWN\[\d{1,6}\]) msg=audit\((\d{1,11})\.(\d{3}):(\d{1,15})\):? ?/

/** Undefined for what is no line of an audit log (github.com/linux-audit/audit-documentation, "Audit Event Fields"). */
export function scan(text: string): AuditLine | undefined {
  if (text.length > mostCharacters) return undefined
  const begin = head.exec(text)
  if (begin === null) return undefined
  const [whole, node, type = '', seconds, milliseconds = '', serial] = begin
  const end = text.indexOf(enriched, whole.length)
  const said = text.slice(whole.length, end < 0 ? undefined : end)
  return {
    ...(node !== undefined && { node }),
    type,
    seconds: Number(seconds),
    milliseconds,
    serial: Number(serial),
    fields: fieldsOf(said, type),
    names: end < 0 ? new Map() : fieldsOf(text.slice(end + 1), type),
  }
}

/**
 * What stands inside `msg='...'` comes from a program, the fields around it from the kernel: these are read first, and
 * the first of a name stays.
 */
function fieldsOf(text: string, type: string): Fields {
  const fields = new Map<string, string>()
  const inner = text.indexOf("msg='")
  const last = text.lastIndexOf("'")
  if (inner < 0 || last <= inner + 4) read(text, fields, type)
  else {
    read(text.slice(0, inner), fields, type)
    read(text.slice(last + 1), fields, type)
    read(text.slice(inner + 5, last), fields, type)
  }
  return fields
}

function read(text: string, fields: Map<string, string>, type: string): void {
  for (let at = 0; at < text.length && fields.size < mostFields; ) {
    const equals = text.indexOf('=', at)
    if (equals < 0) return
    const name = text.slice(Math.max(at, lastBreak(text, equals) + 1), equals)
    const { value, end, isQuoted } = readValue(text, equals + 1)
    const known = isQuoted ? value : decoded(name, value, type)
    if (name !== '' && known !== undefined && !fields.has(name)) fields.set(name, known)
    at = end
  }
}

/** A name begins behind a blank or one of the marks that old programs put between their words. */
function lastBreak(text: string, equals: number): number {
  let at = equals - 1
  while (at >= 0 && !' (,{'.includes(text[at] ?? '')) at--
  return at
}

function readValue(text: string, from: number): { value: string; end: number; isQuoted: boolean } {
  if (text[from] === '"') {
    const end = text.indexOf('"', from + 1)
    if (end > 0) return { value: text.slice(from + 1, end), end: end + 1, isQuoted: true }
  }
  let end = from
  while (end < text.length && text[end] !== ' ') end++
  return { value: withoutMark(text.slice(from, end)), end, isQuoted: false }
}

/** Old programs put what they said in brackets, with commas between. */
function withoutMark(value: string): string {
  return (value.endsWith(',') || value.endsWith(')')) && !value.includes('(') ? value.slice(0, -1) : value
}

/** Fields that others than the kernel choose: in hex where they hold a blank, a quote or a control character. */
const untrusted = new Set([
  'acct',
  'cmd',
  'comm',
  'cwd',
  'data',
  'dir',
  'exe',
  'file',
  'grp',
  'key',
  'name',
  'new-acct',
])
const ofProgram = new Set(['proctitle', 'path', 'root_dir', 'unit', 'vm', 'watch'])
const unknown = new Set(['', '?', '(null)', '(none)'])

function decoded(name: string, value: string, type: string): string | undefined {
  if (unknown.has(value)) return undefined
  const isText = untrusted.has(name) || ofProgram.has(name) || (type === 'EXECVE' && /^a\d+(\[\d+\])?$/.test(name))
  if (!isText || value.length % 2 !== 0 || !/^[0-9A-F]{2,}$/.test(value)) return value
  return Buffer.from(value, 'hex').toString('utf8')
}
