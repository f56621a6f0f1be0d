import { isIPv6 } from 'node:net'
import { networkRange, normalAddress } from '../observable-key.ts'
import { fold, markName, markOf, wordsOf } from '../words.ts'
import { addressAnywhere, addressIn } from './address.ts'
import { always, anyOf, type Condition, type Need } from './condition.ts'
import { type Field, fieldOf, nearNames } from './fields.ts'
import type { Node, Operator, Term, Value } from './grammar.ts'
import { mistake } from './mistake.ts'
import { parseTime } from './span.ts'

/** What a search is read against. */
export interface Known {
  /** Every way in which the index may hold a value: as it is, and as the token of a private number. */
  spellings(text: string): readonly string[]
  /** Numbers of the hosts with this name or id, and of the sources with this id. Pieces have anything between them. */
  hosts(pieces: readonly string[]): readonly number[]
  sources(pieces: readonly string[]): readonly number[]
  nowMs: number
}

/** Throws `query-malformed`: a field that is not known, or a value that its field cannot have. */
export function meaningOf(node: Node | undefined, known: Known): Condition {
  if (node === undefined) return always
  if (node.kind === 'not') return { kind: 'not', of: meaningOf(node.of, known) }
  if (node.kind !== 'term') return { kind: node.kind, of: node.of.map((inner) => meaningOf(inner, known)) }
  const field = node.field === undefined ? undefined : knownField(node, node.field)
  return anyOf(
    node.values.map((value) =>
      field === undefined ? freeText(value, known) : ask(field, { term: node, value, known }),
    ),
  )
}

function knownField({ at }: Term, name: string): Field {
  const field = fieldOf(name)
  if (field !== undefined) return field
  const near = nearNames(name)
  const hint =
    near.length === 0 ? 'Put the text in quotes to search for it as it stands' : `Did you mean ${near.join(', ')}`
  throw mistake(at, `There is no field “${name}”. ${hint}${near.length === 0 ? '.' : '?'}`)
}

/** An address by itself is looked for wherever an address stands. */
function freeText(value: Value, known: Known): Condition {
  if (!value.isQuoted && value.text === '*') return always
  const isAddress =
    !value.isQuoted && (normalAddress(value.text) !== undefined || networkRange(value.text) !== undefined)
  return isAddress ? askIp({ value, known }) : askWords({ kind: 'words' }, { value, known })
}

interface Asking {
  term: Term
  value: Value
  known: Known
}

function ask(field: Field, asking: Asking): Condition {
  const { term, value } = asking
  if (field.kind === 'any') return anyOf(field.of.map((inner) => ask(inner, asking)))
  if (field.kind === 'number') return askNumber(field, asking)
  if (field.kind === 'time') return askTime(field, asking)
  if (term.op !== ':') throw mistake(term.at, `“${term.field}” is no number: ask with “:”.`)
  if (!value.isQuoted && value.text === '*') return askPresence(field)
  if (field.kind === 'text') return askText(field, asking)
  if (field.kind === 'list') return { kind: 'like', column: field.column, pieces: listPieces(value), isExact: false }
  if (field.kind === 'address') return addressIn(field, value)
  if (field.kind === 'ip') return askIp(asking)
  if (field.kind === 'mark') return askMark(field.name, asking)
  if (field.kind === 'words') return askWords(field, asking)
  const numbers = field.kind === 'host' ? asking.known.hosts(piecesOf(value)) : asking.known.sources(piecesOf(value))
  return { kind: 'numbered', column: field.kind, numbers }
}

function askPresence(field: Field): Condition {
  if (field.kind === 'mark')
    return { kind: 'phrase', phrase: { column: 'marks', words: [markName(field.name)], isPrefix: true } }
  if (field.kind === 'words' && field.column !== undefined && field.column !== 'text')
    return { kind: 'phrase', phrase: { column: 'marks', words: [markName(field.column)] } }
  return 'column' in field && field.kind !== 'words' ? { kind: 'present', column: field.column } : always
}

const mostStars = 8

/** What stands between the stars of a value; a star in quotes is a star. */
function piecesOf({ at, text, isQuoted }: Value): string[] {
  const pieces = isQuoted ? [text] : text.split(/\*+/)
  if (pieces.length > mostStars + 1) throw mistake(at, `More than ${mostStars} stars in one value.`)
  return pieces
}

function listPieces(value: Value): string[] {
  const pieces = piecesOf(value)
  return ['', ...pieces.map((piece, i) => `${i === 0 ? ' ' : ''}${piece}${i === pieces.length - 1 ? ' ' : ''}`), '']
}

function askText(field: Extract<Field, { kind: 'text' }>, { value, known }: Asking): Condition {
  const { column, exact: isExact = false } = field
  const pieces = piecesOf(value)
  if (pieces.length > 1) return { kind: 'like', column, pieces, isExact }
  return anyOf(
    known.spellings(value.text).map((text): Condition => {
      const words = wordsOfColumn(field, text)
      return { kind: 'equals', column, value: text, isExact, ...(words !== undefined && { words }) }
    }),
  )
}

/** The text of an event holds the words of its columns (`write/event-words.ts`). */
function wordsOfColumn({ column, isMarked }: Extract<Field, { kind: 'text' }>, text: string): Need | undefined {
  if (isMarked === true)
    return { kind: 'phrase', phrase: { column: 'marks', words: [markOf(`event.${column}`, text)] } }
  const words = wordsOf(fold(text))
  return words.length === 0 || column === 'outcome' ? undefined : { kind: 'phrase', phrase: { column: 'text', words } }
}

function askNumber({ column }: Extract<Field, { kind: 'number' }>, { term, value }: Asking): Condition {
  if (!value.isQuoted && value.text === '*' && term.op === ':') return { kind: 'present', column }
  const number = /^\d{1,16}$/.test(value.text) ? Number(value.text) : Number.NaN
  if (!Number.isSafeInteger(number)) throw mistake(value.at, `“${term.field}” is a number: write one in digits.`)
  return { kind: 'number', column, op: comparison(term.op), value: number }
}

function askTime({ column }: Extract<Field, { kind: 'time' }>, { term, value, known }: Asking): Condition {
  const ms = parseTime(value.text, known.nowMs)
  if (ms === undefined || term.op === ':')
    throw mistake(
      value.at,
      'Ask for a time with > or <, for example @timestamp>=2026-11-22T09:00:00Z or @timestamp>-2h.',
    )
  return { kind: 'number', column, op: comparison(term.op), value: ms }
}

function comparison(op: Operator): '=' | '>' | '>=' | '<' | '<=' {
  return op === ':' ? '=' : op
}

function askIp({ value, known }: Pick<Asking, 'value' | 'known'>): Condition {
  const found = addressAnywhere(value)
  // Those of IPv6 are not looked for in texts when they are indexed (`text-values.ts`).
  return isIPv6(value.text) ? anyOf([found, askWords({ kind: 'words' }, { value, known })]) : found
}

function askMark(name: string, { value, known }: Asking): Condition {
  const isPrefix = !value.isQuoted && value.text.endsWith('*')
  const text = isPrefix ? value.text.replace(/\*+$/, '') : value.text
  if (!value.isQuoted && text.includes('*')) throw mistake(value.at, `In “${name}” a star may only stand at the end.`)
  return anyOf(
    known.spellings(text).map((spelling): Condition => {
      return { kind: 'phrase', phrase: { column: 'marks', words: [markOf(name, spelling)], isPrefix } }
    }),
  )
}

function askWords(
  { column }: Extract<Field, { kind: 'words' }>,
  { value, known }: Pick<Asking, 'value' | 'known'>,
): Condition {
  const isPrefix = !value.isQuoted && value.text.endsWith('*')
  const text = isPrefix ? value.text.replace(/\*+$/, '') : value.text
  if (!value.isQuoted && text.includes('*'))
    throw mistake(
      value.at,
      'In a text a star may only stand at the end of a word. Name a field to search within its values.',
    )
  const spelled = known.spellings(text).map((spelling) => wordsOf(fold(spelling)))
  if (spelled.every(({ length }) => length === 0)) throw mistake(value.at, 'There is no word in this to search for.')
  return anyOf(
    spelled.map((words): Condition => ({ kind: 'phrase', phrase: { ...(column && { column }), words, isPrefix } })),
  )
}
