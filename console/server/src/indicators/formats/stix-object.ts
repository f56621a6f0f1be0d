import { toTime } from './time.ts'

/** An object of JSON that says which kind of STIX object it is. */
export type StixObject = Record<string, unknown>

export function isObject(value: unknown): value is StixObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listOf(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** What every STIX object must be (section 3.2); undefined when it is. */
export function breachOf(object: StixObject): string | undefined {
  if (object.type === 'bundle') return 'A bundle inside a bundle.'
  if (object.spec_version !== undefined && object.spec_version !== '2.1' && object.spec_version !== '2.0')
    return `spec_version ${JSON.stringify(object.spec_version).slice(0, 40)} is not supported.`
  const [type, id, ...rest] = (textOf(object.id) ?? '').split('--')
  if (type !== object.type || rest.length > 0 || !uuid.test(id ?? '')) return 'The id is not its type, -- and a UUID.'
  for (const name of ['created', 'modified', 'valid_from', 'valid_until'])
    if (object[name] !== undefined && stixTime(object[name]) === undefined) return `${name} is not a time of STIX.`
  if (isBefore(object.modified, object.created)) return 'It was modified before it was created.'
  const { valid_from: from, valid_until: until } = object
  if (from !== undefined && until !== undefined && !isBefore(from, until)) return 'valid_until is not after valid_from.'
  return undefined
}

/** A `timestamp` (section 2.16): RFC 3339 in UTC with a Z. */
export function stixTime(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/.test(value)
    ? toTime(value.replace(/(\.\d{9})\d+/, '$1'))
    : undefined
}

function isBefore(value: unknown, limit: unknown): boolean {
  const [a, b] = [stixTime(value), stixTime(limit)]
  return a !== undefined && b !== undefined && a < b
}
