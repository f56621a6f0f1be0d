import { refuse } from '../../error.ts'

/** JSON as it was read: values, and the line on which an object begins. */
export interface Json {
  value: unknown
  lineOf(object: object): number
}

const mostDepth = 64
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const word = /true|false|null/y

interface Cursor {
  text: string
  at: number
  line: number
  depth: number
  lines: WeakMap<object, number>
}

/**
 * Reads JSON as strictly as RFC 8259 allows: a name twice in one object (readers differ in which one counts) and more
 * than 64 levels are refused. Throws `indicator-file-refused` with the line.
 */
export function readJson(text: string): Json {
  const cursor: Cursor = { text, at: text.startsWith('\uFEFF') ? 1 : 0, line: 1, depth: 0, lines: new WeakMap() }
  const value = readValue(cursor)
  skip(cursor)
  if (cursor.at < text.length) throw fault(cursor, 'Something follows the end of the JSON.')
  return { value, lineOf: (object) => cursor.lines.get(object) ?? 1 }
}

function fault({ line }: Cursor, says: string) {
  return refuse('indicator-file-refused', `Line ${line}: ${says}`)
}

function skip(cursor: Cursor): void {
  for (; cursor.at < cursor.text.length; cursor.at++) {
    const char = cursor.text.charCodeAt(cursor.at)
    if (char === 10) cursor.line += 1
    else if (char !== 32 && char !== 9 && char !== 13) return
  }
}

function readValue(cursor: Cursor): unknown {
  skip(cursor)
  const char = cursor.text[cursor.at]
  if (char === '{') return nested(cursor, readObject)
  if (char === '[') return nested(cursor, readArray)
  if (char === '"') return readString(cursor)
  const literal = take(cursor, word) ?? take(cursor, number)
  if (literal === undefined) throw fault(cursor, 'This is not JSON.')
  return JSON.parse(literal)
}

function nested<Value>(cursor: Cursor, read: (cursor: Cursor) => Value): Value {
  cursor.depth += 1
  if (cursor.depth > mostDepth) throw fault(cursor, `More than ${mostDepth} levels inside each other.`)
  cursor.at += 1
  const value = read(cursor)
  cursor.depth -= 1
  return value
}

function readObject(cursor: Cursor): Record<string, unknown> {
  // Without a prototype a member named __proto__ is a member like any other.
  const object: Record<string, unknown> = Object.create(null)
  cursor.lines.set(object, cursor.line)
  if (takeMark(cursor, '}')) return object
  do {
    skip(cursor)
    const name = readString(cursor)
    if (name in object)
      throw fault(cursor, `The name ${JSON.stringify(name).slice(0, 100)} stands twice in one object.`)
    if (!takeMark(cursor, ':')) throw fault(cursor, 'A colon is missing after a name.')
    object[name] = readValue(cursor)
  } while (takeMark(cursor, ','))
  if (!takeMark(cursor, '}')) throw fault(cursor, 'An object is not closed.')
  return object
}

function readArray(cursor: Cursor): unknown[] {
  const array: unknown[] = []
  if (takeMark(cursor, ']')) return array
  do array.push(readValue(cursor))
  while (takeMark(cursor, ','))
  if (!takeMark(cursor, ']')) throw fault(cursor, 'An array is not closed.')
  return array
}

function readString(cursor: Cursor): string {
  if (cursor.text[cursor.at] !== '"') throw fault(cursor, 'A name or text in quotes is missing.')
  const quoted = cursor.text.slice(cursor.at, endOfString(cursor))
  cursor.at += quoted.length
  try {
    // What stands between quotes is a string, or no JSON.
    return JSON.parse(quoted) as string
  } catch {
    throw fault(cursor, 'A text holds an escape or a control character that JSON does not allow.')
  }
}

/** By hand: on a text full of escapes an expression needs more stack than there is. */
function endOfString(cursor: Cursor): number {
  const { text } = cursor
  for (let quote = text.indexOf('"', cursor.at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0
    while (text[quote - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return quote + 1
  }
  throw fault(cursor, 'A text in quotes does not end.')
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0]
  if (found !== undefined) cursor.at += found.length
  return found
}

function takeMark(cursor: Cursor, mark: string): boolean {
  skip(cursor)
  if (cursor.text[cursor.at] !== mark) return false
  cursor.at += 1
  return true
}
