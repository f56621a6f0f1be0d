import { guessField } from './query/chips.ts'

type Document = Record<string, unknown>

/** A field of an ECS document by its dotted name, whether it is nested or written with dots. */
export function fieldOf(document: Document, name: string): unknown {
  if (name in document) return document[name]
  let value: unknown = document
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    // Narrowed to an object that has the key.
    value = (value as Document)[part]
  }
  return value
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return Array.isArray(value) && value.length > 0
    ? value.map((item) => textOf(item) ?? JSON.stringify(item)).join(', ')
    : undefined
}

export function textField(document: Document, name: string): string | undefined {
  return textOf(fieldOf(document, name))
}

const categoryWords: Record<string, string> = {
  authentication: 'sign-in',
  iam: 'account',
  process: 'process',
  network: 'socket',
  web: 'web',
  file: 'file',
  database: 'database',
  configuration: 'setting',
  host: 'host',
  package: 'software',
  email: 'e-mail',
}

/** What kind of thing happened, in one word. */
export function typeOf(document: Document): string {
  const categories = fieldOf(document, 'event.category')
  const first: unknown = Array.isArray(categories) ? categories[0] : categories
  if (typeof first !== 'string') return textField(document, 'event.dataset') ?? 'record'
  return categoryWords[first] ?? first
}

/** The event in one line: the decoder's message, what could not be read, or the record's own text. */
export function summaryOf(document: Document): string {
  return (
    textField(document, 'message') ??
    textField(document, 'error.message') ??
    textField(document, 'event.original') ??
    textField(document, 'event.action') ??
    'No text: open the record'
  )
}

/** Every field with its dotted name, in order of name; the record's own text is left to the raw box. */
export function fieldsOf(document: Document): [string, string][] {
  const fields: [string, string][] = []
  walk(document, '', fields)
  return fields.filter(([name]) => name !== 'event.original').sort(([a], [b]) => (a < b ? -1 : 1))
}

const mostFields = 500

function walk(value: unknown, name: string, fields: [string, string][]): void {
  if (fields.length >= mostFields) return
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) walk(inner, name === '' ? key : `${name}.${key}`, fields)
    return
  }
  fields.push([name, textOf(value) ?? JSON.stringify(value)])
}

/** The field by which a value is searched everywhere: any address or hash wherever it stands, else the field itself. */
export function pivotField(name: string, value: string): string {
  return guessField(value) === 'ip' ? 'ip' : guessField(value) === 'hash' ? 'hash' : name
}
