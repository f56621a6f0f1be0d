import { Damaged } from '../damaged.ts'

/** A value of a property list, however it is written. */
export type Value = null | boolean | number | bigint | string | Uint8Array | Instant | Uid | readonly Value[] | Dict

export type Dict = ReadonlyMap<string, Value>

/** A date. */
export interface Instant {
  /** RFC 3339 in UTC; undefined where it is beyond its years. */
  instant: string | undefined
}

/** The number of another object, in what NSKeyedArchiver wrote. */
export interface Uid {
  uid: number
}

/** A property list, and what is damaged in it: null stands in its place. */
export interface Plist {
  root: Value
  damages: readonly Damaged[]
}

/** Values that are made of one list: those of a binary one can stand in many places. */
const mostValues = 100_000
const mostLevels = 64
const mostDamages = 20

export interface Budget {
  /** Throws `Damaged` beyond the bounds. */
  take(level: number): void
  /** What `read` gives; null where it is damaged. Bounds end everything. */
  inPlace(read: () => Value): Value
  damages: Damaged[]
}

export function newBudget(): Budget {
  let left = mostValues
  const damages: Damaged[] = []
  return {
    damages,
    take(level) {
      if (left-- <= 0) throw new Damaged('too-many', `It holds more than ${mostValues} values.`)
      if (level > mostLevels)
        throw new Damaged('too-deep', `Its values are nested more than ${mostLevels} levels deep.`)
    },
    inPlace(read) {
      try {
        return read()
      } catch (cause) {
        if (!(cause instanceof Damaged) || cause.damage.code === 'too-many') throw cause
        if (damages.length < mostDamages) damages.push(cause)
        return null
      }
    },
  }
}

export function isDict(value: Value | undefined): value is Dict {
  return value instanceof Map
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

export function isInstant(value: Value | undefined): value is Instant {
  return typeof value === 'object' && value !== null && 'instant' in value
}

export function isUid(value: Value | undefined): value is Uid {
  return typeof value === 'object' && value !== null && 'uid' in value
}

/** Longer text is cut. */
const mostText = 8192

/** Text of a key; undefined where it is none, or empty. */
export function textIn(dict: Dict, key: string): string | undefined {
  const value = dict.get(key)
  return typeof value === 'string' && value !== '' ? value.slice(0, mostText) : undefined
}

export function numberIn(dict: Dict, key: string): number | undefined {
  const value = dict.get(key)
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
}

export function booleanIn(dict: Dict, key: string): boolean | undefined {
  const value = dict.get(key)
  return typeof value === 'boolean' ? value : undefined
}

export function instantIn(dict: Dict, key: string): string | undefined {
  const value = dict.get(key)
  return isInstant(value) ? value.instant : undefined
}

export function dictsIn(value: Value | undefined): Dict[] {
  return isList(value) ? value.filter(isDict) : []
}

export function textsIn(value: Value | undefined): string[] {
  return isList(value) ? value.filter((one) => typeof one === 'string').map((text) => text.slice(0, mostText)) : []
}
