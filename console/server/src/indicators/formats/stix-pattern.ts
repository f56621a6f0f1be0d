/** One equality of a pattern: an object path, and the value it is to have. */
export interface Equality {
  /** Without quotes and list steps: `file:hashes.SHA-256`. */
  path: string
  value: string
}

/** What a pattern means, or which part of the language stands in the way. */
export type Pattern = { ok: true; anyOf: Equality[] } | { ok: false; says: string }

/**
 * Reads a STIX 2.1 pattern (section 9) that is made of equalities joined by OR, within one observation or between
 * several; `IN` and `ISSUBSET` are equalities too, and so are the two uses of AND that mean one value. Everything else of
 * the language is refused by its name. Never throws.
 */
export function parsePattern(text: string): Pattern {
  if (text.length > mostText) return { ok: false, says: `The pattern is longer than ${mostText} characters.` }
  const reader: Reader = { text, at: 0, depth: 0 }
  try {
    const anyOf = readEither(reader, readObservation)
    if (!isAtEnd(reader)) throw unexpected(reader)
    return { ok: true, anyOf }
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, says: error.message }
    throw error
  }
}

const mostText = 65_536
const mostDepth = 32

class Mistake extends Error {}

interface Reader {
  text: string
  at: number
  depth: number
}

const space =
  /(?:[\s\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|\/\/[^\r\n]*)+/y
const keyword =
  /(?:AND|OR|NOT|FOLLOWEDBY|WITHIN|START|STOP|REPEATS|TIMES|SECONDS|LIKE|MATCHES|ISSUPERSET|ISSUBSET|EXISTS|IN)\b/iy
const or = /OR\b/iy
const and = /AND\b/iy
const inSet = /IN\b/iy
const inNetwork = /ISSUBSET\b/iy
const nothing = /(?:)/y
const objectType = /[A-Za-z][A-Za-z0-9-]*(?=\s*:)/y
const step = /[A-Za-z_][A-Za-z0-9_-]*/y
const text = /'(?:[^'\\]|\\['\\])*'/y
const listStep = /\[(?:\*|-?\d+)\]/y
const comparison = /==|=|!=|<>|<=|>=|<|>/y
const integer = /[+-]?(?:0|[1-9]\d*)(?![\d.])/y
const otherLiteral = /t'[^']*'|h'[^']*'|b'[^']*'|true\b|false\b|[+-]?\d*\.\d+/iy

function take(reader: Reader, pattern: RegExp): string | undefined {
  space.lastIndex = reader.at
  const from = reader.at + (space.exec(reader.text)?.[0].length ?? 0)
  pattern.lastIndex = from
  const found = pattern.exec(reader.text)?.[0]
  if (found !== undefined) reader.at = from + found.length
  return found
}

function takeMark(reader: Reader, mark: '[' | ']' | '(' | ')' | ':' | '.' | ','): boolean {
  return take(reader, marks[mark]) !== undefined
}

const marks = { '[': /\[/y, ']': /\]/y, '(': /\(/y, ')': /\)/y, ':': /:/y, '.': /\./y, ',': /,/y }

function isAtEnd(reader: Reader): boolean {
  take(reader, nothing)
  return reader.at === reader.text.length
}

function unexpected(reader: Reader): Mistake {
  const word = take(reader, keyword)?.toUpperCase()
  if (word !== undefined) return notSupported(word)
  return new Mistake(`The pattern cannot be read from character ${reader.at + 1} on.`)
}

function notSupported(word: string): Mistake {
  return new Mistake(`${word} is not supported: only equalities joined by OR are.`)
}

function readEither(reader: Reader, readOne: (reader: Reader) => Equality[]): Equality[] {
  const anyOf = readOne(reader)
  while (take(reader, or) !== undefined) anyOf.push(...readOne(reader))
  return anyOf
}

function readObservation(reader: Reader): Equality[] {
  if (takeMark(reader, '(')) return readBracket(reader, readObservation)
  if (!takeMark(reader, '[')) throw unexpected(reader)
  const anyOf = readEither(reader, readConjunction)
  if (!takeMark(reader, ']')) throw unexpected(reader)
  return anyOf
}

function readConjunction(reader: Reader): Equality[] {
  const first = readComparison(reader)
  if (take(reader, and) === undefined) return first
  const all = [...first, ...readComparison(reader)]
  while (take(reader, and) !== undefined) all.push(...readComparison(reader))
  const one = oneValue(all)
  if (one === undefined) throw notSupported('AND')
  return [one]
}

function readComparison(reader: Reader): Equality[] {
  if (takeMark(reader, '(')) return readBracket(reader, readConjunction)
  const path = readPath(reader)
  const operator = take(reader, comparison)
  if (operator === '=' || operator === '==') return [{ path, value: readLiteral(reader) }]
  if (operator !== undefined) throw notSupported(operator)
  if (take(reader, inSet) !== undefined) return readSet(reader).map((value) => ({ path, value }))
  if (take(reader, inNetwork) !== undefined) return [{ path, value: readLiteral(reader) }]
  throw unexpected(reader)
}

/**
 * An address or name with its type beside it, as MISP writes it, and a file in a folder, as `package/stix-value.ts` does:
 * then path `file:path`, which STIX does not have.
 */
function oneValue([a, b, ...rest]: readonly Equality[]): Equality | undefined {
  if (a === undefined || b === undefined || rest.length > 0) return undefined
  return typed(a, b) ?? typed(b, a) ?? placed(a, b) ?? placed(b, a)
}

const addressTypes: ReadonlySet<string> = new Set(['ipv4-addr', 'ipv6-addr', 'domain-name'])

function typed(type: Equality, of: Equality): Equality | undefined {
  const isType = type.path.endsWith('_ref.type') && addressTypes.has(type.value)
  return isType && of.path === type.path.replace(/type$/, 'value') ? of : undefined
}

function placed(file: Equality, folder: Equality): Equality | undefined {
  if (file.path !== 'file:name' || folder.path !== 'file:parent_directory_ref.path') return undefined
  const separator = /^[a-z]:|\\/i.test(folder.value) ? '\\' : '/'
  return { path: 'file:path', value: `${folder.value.replace(/[/\\]$/, '')}${separator}${file.value}` }
}

function readBracket(reader: Reader, readOne: (reader: Reader) => Equality[]): Equality[] {
  reader.depth += 1
  if (reader.depth > mostDepth) throw new Mistake(`The pattern has more than ${mostDepth} brackets inside each other.`)
  const anyOf = readEither(reader, readOne)
  if (!takeMark(reader, ')')) throw unexpected(reader)
  reader.depth -= 1
  return anyOf
}

function readSet(reader: Reader): string[] {
  if (!takeMark(reader, '(')) throw unexpected(reader)
  const values = [readLiteral(reader)]
  while (takeMark(reader, ',')) values.push(readLiteral(reader))
  if (!takeMark(reader, ')')) throw unexpected(reader)
  return values
}

function readPath(reader: Reader): string {
  const type = take(reader, objectType)
  if (type === undefined || !takeMark(reader, ':')) throw unexpected(reader)
  const steps = [readStep(reader)]
  for (;;) {
    if (take(reader, listStep) !== undefined) continue
    if (!takeMark(reader, '.')) return `${type}:${steps.join('.')}`
    steps.push(readStep(reader))
  }
}

function readStep(reader: Reader): string {
  const quoted = take(reader, text)
  const name = quoted === undefined ? take(reader, step) : unquoted(quoted)
  if (name === undefined) throw unexpected(reader)
  return name
}

function readLiteral(reader: Reader): string {
  const quoted = take(reader, text)
  if (quoted !== undefined) return unquoted(quoted)
  const number = take(reader, integer)
  if (number !== undefined) return number
  const other = take(reader, otherLiteral)
  throw other === undefined ? unexpected(reader) : new Mistake(`The value ${other.slice(0, 40)} is not supported.`)
}

function unquoted(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(['\\])/g, '$1')
}
