import { mistake } from './mistake.ts'

/** A search as it was written. The screens read the same grammar; here it gets its meaning (`meaning.ts`). */
export type Node = { kind: 'and' | 'or'; of: readonly Node[] } | { kind: 'not'; of: Node } | Term

export type Operator = ':' | '>' | '>=' | '<' | '<='

export interface Term {
  kind: 'term'
  /** Column, from 0. */
  at: number
  /** Undefined for free text. */
  field: string | undefined
  op: Operator
  values: readonly Value[]
}

export interface Value {
  at: number
  text: string
  /** In quotes a star is a star. */
  isQuoted: boolean
}

const mostDepth = 32
const mostTerms = 100

const fieldName = /[A-Za-z_@][\w.@-]*(?=(?::|>=|<=|>|<))/y
const operator = /:|>=|<=|>|</y
const bareValue = /[^\s()"]+/y
/** A range as other languages write it. A value may begin with a bracket: `process.name:[kworker*`. */
const foreignRange = /[[{]\S*\s+TO(?=\s|$)/iy
const keyword = /(?:and|or|not)(?=[\s(]|$)/iy
/** What looks like `field:value` and is none: an IPv6 or a MAC address, a drive, a URL. */
const noField =
  /(?:(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7}|(?:[0-9a-f]{2}:){5})[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\/\d+)?(?=[\s()]|$)|[a-z]:\\|[a-z][a-z0-9+.-]*:\/\/)/iy

const noRange = 'A range is written with > and <, for example source.port>=1024 and source.port<2048.'

/**
 * Reads a search: `or` binds looser than `and`, which a space stands for too. Undefined for an empty one. Throws
 * `query-malformed` with the column of the mistake.
 */
export function parseQuery(text: string): Node | undefined {
  const reader: Reader = { text, at: 0, depth: 0, terms: 0 }
  skipBlanks(reader)
  if (reader.at === text.length) return undefined
  const root = readOr(reader)
  if (reader.at < text.length) throw mistake(reader.at, 'This bracket closes nothing.')
  return root
}

interface Reader {
  text: string
  at: number
  depth: number
  terms: number
}

function readOr(reader: Reader): Node {
  const of = [readAnd(reader)]
  while (takeKeyword(reader, 'or')) of.push(readAnd(reader))
  return joined('or', of)
}

function readAnd(reader: Reader): Node {
  const of = [readNot(reader)]
  for (;;) {
    const isSaid = takeKeyword(reader, 'and')
    const ends = reader.at === reader.text.length || reader.text[reader.at] === ')' || keywordAt(reader) === 'or'
    if (ends && !isSaid) return joined('and', of)
    of.push(readNot(reader))
  }
}

function joined(kind: 'and' | 'or', of: readonly Node[]): Node {
  const [first] = of
  return of.length === 1 && first !== undefined ? first : { kind, of }
}

function readNot(reader: Reader): Node {
  let isNot = false
  while (takeKeyword(reader, 'not')) isNot = !isNot
  const node = readPrimary(reader)
  return isNot ? { kind: 'not', of: node } : node
}

function readPrimary(reader: Reader): Node {
  const { at, text } = reader
  if (at === text.length) throw mistake(at, 'Something is missing here: a field, a value or a bracket.')
  const word = keywordAt(reader)
  if (word !== undefined) throw mistake(at, `“${word}” stands between two things, or before one.`)
  if (text[at] === ')') throw mistake(at, 'This bracket closes nothing.')
  return text[at] === '(' ? readGroup(reader) : readTerm(reader)
}

function readGroup(reader: Reader): Node {
  const { at } = reader
  reader.depth += 1
  if (reader.depth > mostDepth) throw mistake(at, `More brackets than ${mostDepth} inside each other.`)
  reader.at += 1
  skipBlanks(reader)
  const inner = readOr(reader)
  if (reader.text[reader.at] !== ')') throw mistake(at, 'This bracket is not closed.')
  reader.at += 1
  reader.depth -= 1
  skipBlanks(reader)
  return inner
}

function readTerm(reader: Reader): Term {
  const { at } = reader
  const field = matchAt(reader, noField) === undefined ? take(reader, fieldName) : undefined
  // The pattern of a field ends before one of these.
  const op = field === undefined ? ':' : ((take(reader, operator) ?? ':') as Operator)
  if (field !== undefined && matchAt(reader, foreignRange) !== undefined) throw mistake(reader.at, noRange)
  const isList = field !== undefined && reader.text[reader.at] === '('
  const values = isList ? readList(reader) : [readValue(reader)]
  reader.terms += values.length
  if (reader.terms > mostTerms) throw mistake(at, `More than ${mostTerms} terms. Search in parts.`)
  skipBlanks(reader)
  return { kind: 'term', at, field, op, values }
}

function readList(reader: Reader): Value[] {
  const { at } = reader
  reader.at += 1
  const values: Value[] = []
  for (;;) {
    skipBlanks(reader)
    values.push(readValue(reader))
    skipBlanks(reader)
    if (reader.text[reader.at] === ')') break
    const isOver = reader.at === reader.text.length
    if (!takeKeyword(reader, 'or'))
      throw mistake(isOver ? at : reader.at, 'Values in brackets are joined by “or” and closed by “)”.')
  }
  reader.at += 1
  return values
}

function readValue(reader: Reader): Value {
  const { at, text } = reader
  if (text[at] === '"') return { at, text: readQuoted(reader), isQuoted: true }
  const value = take(reader, bareValue)
  if (value === undefined) throw mistake(at, 'A value is missing here.')
  return { at, text: value, isQuoted: false }
}

/** A backslash takes away the meaning of the character behind it. */
function readQuoted(reader: Reader): string {
  const { at: from, text } = reader
  let value = ''
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '"') {
      reader.at = at + 1
      return value
    }
    if (text[at] === '\\') at += 1
    value += text[at] ?? ''
  }
  throw mistake(from, 'This quote is not closed.')
}

function skipBlanks(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1
}

function matchAt({ text, at }: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function take(reader: Reader, pattern: RegExp): string | undefined {
  const found = matchAt(reader, pattern)
  if (found !== undefined) reader.at += found.length
  return found
}

function keywordAt(reader: Reader): string | undefined {
  return matchAt(reader, keyword)?.toLowerCase()
}

function takeKeyword(reader: Reader, wanted: string): boolean {
  if (keywordAt(reader) !== wanted) return false
  reader.at += wanted.length
  skipBlanks(reader)
  return true
}
