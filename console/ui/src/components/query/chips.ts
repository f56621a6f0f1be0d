import { type Node, parseQuery, type Term } from './grammar.ts'

export interface Chip {
  /** Field, `not`, or `any of` for a group. */
  label: string
  text: string
  from: number
  to: number
}

/** The parts of a query that can be taken away one by one: what is joined by AND at the top. */
export function chipsOf(query: string): Chip[] {
  const parsed = parseQuery(query)
  if (!parsed.ok || parsed.root === undefined) return []
  return partsOf(parsed.root).map((node) => ({ ...wordsOf(node), from: node.from, to: node.to }))
}

function partsOf(root: Node): Node[] {
  return root.kind === 'and' ? root.of : [root]
}

function wordsOf(node: Node): { label: string; text: string } {
  if (node.kind === 'not') return { label: 'not', text: plainOf(node.of) }
  if (node.kind === 'or') return { label: 'any of', text: node.of.map(plainOf).join(', ') }
  if (node.kind === 'term') return { label: node.field === '' ? 'text' : node.field, text: valueText(node) }
  return { label: 'all of', text: node.of.map(plainOf).join(', ') }
}

function valueText(node: Term): string {
  const values = node.values.join(' or ')
  if (node.op === ':' && values === '*') return 'is there'
  return node.op === ':' || node.op === '' ? values : `${node.op} ${values}`
}

function plainOf(node: Node): string {
  if (node.kind === 'term') return [node.field, valueText(node)].filter((part) => part !== '').join(' ')
  if (node.kind === 'not') return `not ${plainOf(node.of)}`
  return node.of.map(plainOf).join(node.kind === 'or' ? ' or ' : ' and ')
}

/** The query without one of its chips, the others as they were written. */
export function withoutChip(query: string, chip: Chip): string {
  return chipsOf(query)
    .filter((other) => other.from !== chip.from)
    .map((other) => query.slice(other.from, other.to))
    .join(' and ')
}

/** A value as it has to be written so that it means itself. */
export function quoted(value: string): string {
  const plain = /^[\w.@:/-]+$/.test(value) && !/^(and|or|not)$/i.test(value)
  return plain ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`
}

/** The query narrowed to `field:value`, or away from it. */
export function withTerm(query: string, term: { field: string; value: string; not?: boolean }): string {
  const text = `${term.not === true ? 'not ' : ''}${term.field}:${quoted(term.value)}`
  const parsed = parseQuery(query)
  if (query.trim() === '' || !parsed.ok) return text
  const open = parsed.root?.kind === 'or' && query[parsed.root.from] !== '('
  return `${open ? `(${query.trim()})` : query.trim()} and ${text}`
}

/** What a bare value is, to be offered as a field: address, hash, e-mail. */
export function guessField(value: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(value) || /^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}$/i.test(value))
    return 'ip'
  if (/^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(value)) return 'hash'
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return 'email'
  return undefined
}
