/**
 * The search grammar (a small subset of KQL) as the browser needs it: to show a query as chips, to change it by a
 * chip, and to point at a mistake before asking. The console's own parser decides what a query means.
 */
export type Node =
  | { kind: 'and' | 'or'; of: Node[]; from: number; to: number }
  | { kind: 'not'; of: Node; from: number; to: number }
  | Term

export interface Term {
  kind: 'term'
  /** Empty for a bare value. */
  field: string
  op: string
  values: string[]
  from: number
  to: number
}

export type Parsed = { ok: true; root: Node | undefined } | { ok: false; at: number; says: string }

const field = /[A-Za-z_@][\w.@-]*(?=(:|>=|<=|>|<))/y
const operator = /:|>=|<=|>|</y
const bare = /[^\s()"]+/y
/** A range as other languages write it. A value may begin with a bracket: `process.name:[kworker*`. */
const foreignRange = /[[{]\S*\s+TO(?=\s|$)/iy
const word = /(and|or|not)(?=[\s(]|$)/iy
/** What looks like `field:value` and is not: an IPv6 or a MAC address, a drive, a URL. */
const notField =
  /^(?:(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7}|(?:[0-9a-f]{2}:){5})[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\/\d+)?(?=[\s()]|$)|[a-z]:\\|[a-z][a-z0-9+.-]*:\/\/)/i
const mostDepth = 32

const noRange = 'A range is written with > and <, for example source.port>=1024 and source.port<2048.'

class Mistake extends Error {
  readonly at: number

  constructor(at: number, says: string) {
    super(says)
    this.at = at
  }
}

/** Reads a query; never throws. `at` of a mistake is a column from 0. */
export function parseQuery(text: string): Parsed {
  const reader = { text, at: 0, depth: 0 }
  try {
    skip(reader)
    if (reader.at === text.length) return { ok: true, root: undefined }
    const root = readOr(reader)
    if (reader.at < text.length) throw new Mistake(reader.at, 'This bracket closes nothing.')
    return { ok: true, root }
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, at: error.at, says: error.message }
    throw error
  }
}

interface Reader {
  text: string
  at: number
  depth: number
}

function skip(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1
}

function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at
  return pattern.exec(reader.text)?.[0]
}

function take(reader: Reader, pattern: RegExp): string | undefined {
  const found = match(reader, pattern)
  if (found !== undefined) reader.at += found.length
  return found
}

function keyword(reader: Reader): string | undefined {
  return match(reader, word)?.toLowerCase()
}

function takeKeyword(reader: Reader, wanted: string): boolean {
  if (keyword(reader) !== wanted) return false
  reader.at += wanted.length
  skip(reader)
  return true
}

function joined(kind: 'and' | 'or', of: Node[]): Node {
  const [first] = of
  const last = of.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('nothing to join')
  return of.length === 1 ? first : { kind, of, from: first.from, to: last.to }
}

function readOr(reader: Reader): Node {
  const of = [readAnd(reader)]
  while (takeKeyword(reader, 'or')) of.push(readAnd(reader))
  return joined('or', of)
}

function readAnd(reader: Reader): Node {
  const of = [readNot(reader)]
  for (;;) {
    const said = takeKeyword(reader, 'and')
    const ends = reader.at === reader.text.length || reader.text[reader.at] === ')' || keyword(reader) === 'or'
    if (ends && !said) return joined('and', of)
    of.push(readNot(reader))
  }
}

function readNot(reader: Reader): Node {
  const from = reader.at
  if (!takeKeyword(reader, 'not')) return readPrimary(reader)
  const of = readNot(reader)
  return { kind: 'not', of, from, to: of.to }
}

function readPrimary(reader: Reader): Node {
  const { at, text } = reader
  if (at === text.length) throw new Mistake(at, 'Something is missing here: a field, a value or a bracket.')
  if (keyword(reader) !== undefined)
    throw new Mistake(at, `“${keyword(reader)}” stands between two things, or before one.`)
  if (text[at] === ')') throw new Mistake(at, 'This bracket closes nothing.')
  return text[at] === '(' ? readGroup(reader) : readTerm(reader)
}

function readGroup(reader: Reader): Node {
  const from = reader.at
  reader.depth += 1
  if (reader.depth > mostDepth) throw new Mistake(from, 'More brackets than 32 inside each other.')
  reader.at += 1
  skip(reader)
  const inner = readOr(reader)
  if (reader.text[reader.at] !== ')') throw new Mistake(from, 'This bracket is not closed.')
  reader.at += 1
  reader.depth -= 1
  const to = reader.at
  skip(reader)
  return { ...inner, from, to }
}

function readTerm(reader: Reader): Node {
  const from = reader.at
  const named = notField.test(reader.text.slice(from)) ? undefined : take(reader, field)
  const op = named === undefined ? '' : (take(reader, operator) ?? '')
  if (named !== undefined && match(reader, foreignRange) !== undefined) throw new Mistake(reader.at, noRange)
  const values = named !== undefined && reader.text[reader.at] === '(' ? readList(reader) : [readValue(reader)]
  const to = reader.at
  skip(reader)
  return { kind: 'term', field: named ?? '', op, values, from, to }
}

function readList(reader: Reader): string[] {
  const from = reader.at
  reader.at += 1
  const values: string[] = []
  for (;;) {
    skip(reader)
    values.push(readValue(reader))
    skip(reader)
    if (reader.text[reader.at] === ')') break
    if (!takeKeyword(reader, 'or'))
      throw new Mistake(
        reader.at < reader.text.length ? reader.at : from,
        'Values in brackets are joined by “or” and closed by “)”.',
      )
  }
  reader.at += 1
  return values
}

function readValue(reader: Reader): string {
  if (reader.text[reader.at] === '"') return readQuoted(reader)
  const value = take(reader, bare)
  if (value === undefined) throw new Mistake(reader.at, 'A value is missing here.')
  return value
}

function readQuoted(reader: Reader): string {
  const from = reader.at
  let value = ''
  for (let at = from + 1; at < reader.text.length; at += 1) {
    const char = reader.text[at]
    if (char === '"') {
      reader.at = at + 1
      return value
    }
    if (char === '\\') at += 1
    value += reader.text[at] ?? ''
  }
  throw new Mistake(from, 'This quote is not closed.')
}
