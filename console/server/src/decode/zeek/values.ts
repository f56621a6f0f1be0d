import { isRow, parseRow } from '../row.ts'
import { isShallow } from '../shallow.ts'
import { type Header, unescaped } from './header.ts'

/**
 * The fields of one line, by their names as Zeek has them (`id.orig_h`). What was looked at is taken out, so that the
 * rest can be kept as it stands.
 */
export class Values {
  readonly #of: Map<string, unknown>
  readonly #setSeparator: string

  constructor(of: Map<string, unknown>, setSeparator = ',') {
    this.#of = of
    this.#setSeparator = setSeparator
  }

  has(name: string): boolean {
    return this.#of.has(name)
  }

  /** A text, or a number as it is written; undefined for what is missing or empty. */
  text(name: string): string | undefined {
    const value = this.#take(name)
    return typeof value === 'string' ? value || undefined : typeof value === 'number' ? String(value) : undefined
  }

  /** A whole number from 0. */
  count(name: string): number | undefined {
    const value = Number(this.text(name) ?? Number.NaN)
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined
  }

  /** A number with a fraction, such as seconds. */
  real(name: string): number | undefined {
    const text = this.text(name)
    const value = Number(text ?? Number.NaN)
    return text !== undefined && text.length <= 40 && Number.isFinite(value) ? value : undefined
  }

  /** `T` and `F`, or what JSON has for them. */
  flag(name: string): boolean | undefined {
    const value = this.#take(name)
    if (typeof value === 'boolean') return value
    return value === 'T' ? true : value === 'F' ? false : undefined
  }

  /** A set or a vector; empty where there is none. */
  list(name: string): string[] {
    const value = this.#take(name)
    if (Array.isArray(value))
      return value.filter((each) => typeof each === 'string' || typeof each === 'number').map(String)
    return typeof value === 'string' && value !== '' ? value.split(this.#setSeparator) : []
  }

  /** Takes a field out unread. */
  drop(name: string): void {
    this.#of.delete(name)
  }

  rest(): Record<string, unknown> {
    return Object.fromEntries(this.#of)
  }

  #take(name: string): unknown {
    const value = this.#of.get(name)
    this.#of.delete(name)
    return value
  }
}

const mostCharacters = 262_144

/** Values of a line under its header; undefined where it has another number of them. */
export function valuesOfLine(
  line: string,
  { separator, setSeparator, empty, unset, fields }: Header,
): Values | undefined {
  if (line.length > mostCharacters || fields.length === 0) return undefined
  const all = line.split(separator, fields.length + 1)
  if (all.length !== fields.length) return undefined
  const of = new Map<string, unknown>()
  for (const [i, name] of fields.entries()) {
    const value = all[i] ?? ''
    if (value !== unset) of.set(name, value === empty ? '' : unescaped(value))
  }
  return new Values(of, setSeparator)
}

/** Some senders write `id_orig_h`, or put the four into an object. */
const ends = ['orig_h', 'orig_p', 'resp_h', 'resp_p']

/** Values of a line of JSON; undefined for what is none, or nests deeper than any log does. */
export function valuesOfJson(line: string): Values | undefined {
  if (!line.startsWith('{') || line.length > mostCharacters) return undefined
  const row = parseRow(line)
  if (row === undefined || !isShallow(row)) return undefined
  const of = new Map<string, unknown>(Object.entries(row))
  const id = of.get('id')
  for (const end of ends) {
    const value = of.get(`id_${end}`) ?? (isRow(id) ? id[end] : undefined)
    if (value === undefined) continue
    of.set(`id.${end}`, value)
    of.delete(`id_${end}`)
  }
  if (isRow(id)) of.delete('id')
  return new Values(of)
}
