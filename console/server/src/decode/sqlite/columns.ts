import type { Value } from '../database.ts'
import { type Token, tokensOf } from './tokens.ts'

export interface Column {
  /** In small letters. */
  name: string
  /** What rows have that were written before there was this column. */
  initial: Value
  /** It is the rowid: in the row itself it is null. */
  isNumber: boolean
}

/** What a CREATE TABLE says of how rows are stored. */
export interface Layout {
  /** All of them, as the schema orders them. */
  columns: readonly Column[]
  /** Those that are stored, in the order of the values of a row. */
  stored: readonly Column[]
  hasRowid: boolean
}

const constraints = new Set(['constraint', 'primary', 'unique', 'check', 'foreign'])
const columnConstraints = new Set([
  ...constraints,
  'not',
  'null',
  'default',
  'collate',
  'references',
  'generated',
  'as',
])

/** Undefined for a statement that makes no ordinary table, such as a virtual one. */
export function layoutOf(sql: string): Layout | undefined {
  const tokens = tokensOf(sql)
  const open = tokens.findIndex((token) => isSign(token, '('))
  if (open < 0 || !tokens.slice(0, open).every((token) => !isWord(token, 'virtual'))) return undefined
  const { parts, end } = partsOf(tokens, open + 1)
  const options = tokens.slice(end)
  const hasRowid = !options.some((token, i) => isWord(token, 'without') && isWord(options[i + 1], 'rowid'))
  const definitions = parts.filter((part) => !isConstraint(part)).map(columnOf)
  const key = parts.filter(isConstraint).flatMap(keyOf)
  const keyNames = key.length > 0 ? key : definitions.filter(({ isKey }) => isKey).map(({ column }) => column.name)
  const [only] = keyNames
  const columns = definitions.map(({ column, isInteger, isDescending }) => ({
    ...column,
    isNumber: hasRowid && keyNames.length === 1 && column.name === only && isInteger && !isDescending,
  }))
  const stored = columns.filter((_, i) => definitions[i]?.isComputed !== true)
  return { columns, stored: hasRowid ? stored : keyFirst(stored, keyNames), hasRowid }
}

/** A table without rowids is stored as its key, then the rest. */
function keyFirst(stored: readonly Column[], names: readonly string[]): Column[] {
  const key = [...new Set(names)].flatMap((name) => stored.find((column) => column.name === name) ?? [])
  return [...key, ...stored.filter((column) => !key.includes(column))]
}

interface Definition {
  column: Column
  isKey: boolean
  isInteger: boolean
  isDescending: boolean
  /** Computed when it is asked for, and not stored. */
  isComputed: boolean
}

function columnOf([name, ...rest]: readonly Token[]): Definition {
  const from = rest.findIndex(({ kind, text }) => kind === 'word' && columnConstraints.has(text.toLowerCase()))
  const type = from < 0 ? rest : rest.slice(0, from)
  const more = from < 0 ? [] : rest.slice(from)
  const key = more.findIndex((token, i) => isWord(token, 'primary') && isWord(more[i + 1], 'key'))
  const computed = more.some((token, i) => isWord(token, 'as') && isSign(more[i + 1], '('))
  return {
    column: { name: (name?.text ?? '').toLowerCase(), initial: initialOf(more), isNumber: false },
    isKey: key >= 0,
    isInteger: type.length === 1 && type[0]?.text.toLowerCase() === 'integer',
    isDescending: key >= 0 && isWord(more[key + 2], 'desc'),
    isComputed: computed && !more.some((token) => isWord(token, 'stored')),
  }
}

/** A constant; an expression is left undecided as null. */
function initialOf(tokens: readonly Token[]): Value {
  let at = tokens.findIndex((token) => isWord(token, 'default')) + 1
  if (at === 0) return null
  // SQLite lets a constant stand in parentheses.
  while (isSign(tokens[at], '(')) at++
  const isNegative = isSign(tokens[at], '-')
  const token = tokens[isNegative || isSign(tokens[at], '+') ? at + 1 : at]
  if (token === undefined) return null
  if (token.kind === 'number') return isNegative ? -Number(token.text) : Number(token.text)
  if (token.kind === 'text' || token.kind === 'name') return token.text
  if (token.kind === 'blob') return Buffer.from(token.text.slice(2, -1), 'hex')
  const word = token.text.toLowerCase()
  return word === 'true' ? 1 : word === 'false' ? 0 : null
}

/** Names of the columns of a PRIMARY KEY that stands for itself. */
function keyOf(part: readonly Token[]): string[] {
  const at = part.findIndex((token, i) => isWord(token, 'primary') && isWord(part[i + 1], 'key'))
  if (at < 0) return []
  const open = part.findIndex((token, i) => i > at && isSign(token, '('))
  return partsOf(part, open + 1).parts.map(([name]) => (name?.text ?? '').toLowerCase())
}

function isConstraint([first]: readonly Token[]): boolean {
  return first === undefined || (first.kind === 'word' && constraints.has(first.text.toLowerCase()))
}

/** What stands between commas up to the parenthesis that closes, and where that is. */
function partsOf(tokens: readonly Token[], from: number): { parts: Token[][]; end: number } {
  const parts: Token[][] = [[]]
  let depth = 0
  let at = from
  for (; at < tokens.length; at++) {
    const token = tokens[at]
    if (token === undefined || (depth === 0 && isSign(token, ')'))) break
    if (isSign(token, '(')) depth++
    if (isSign(token, ')')) depth--
    if (depth === 0 && isSign(token, ',')) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return { parts, end: at + 1 }
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word
}
