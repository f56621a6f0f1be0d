import { isRow, type Row } from '../row.ts'
import { type Count, countOf, type Reading } from './count.ts'

/** Of the 64 KiB that a state may have. */
const mostBytes = 48 * 1024

/** The readings before, by what they are of. What was not read for longest is forgotten first: it begins without a difference. */
export interface Readings {
  get(key: string): Reading | undefined
  set(key: string, reading: Reading): void
  delete(key: string): void
  /** Since when something counts that does not say so itself. */
  sinceOf(what: string): string | undefined
  setSince(what: string, since: string): void
  /** Says that rows of a view were read in this pass, and whether all of them were. */
  see(view: string, pass: number, isWhole: boolean): void
  /** True for a row without a reading that was not there in the passes before, of which every row is known. */
  isNew(view: string, pass: number): boolean
  state(): unknown
}

export function newReadings(saved: unknown): Readings {
  const readings = new Map<string, Reading>()
  const sinces = new Map<string, string>()
  /** The first pass of each view; `never` where rows were left out of one. */
  const firsts = new Map<string, number>()
  let bytes = 0
  let hasForgotten = isRow(saved) && saved.hasForgotten === true
  const drop = (key: string) => {
    const known = readings.get(key)
    if (known !== undefined) bytes -= sizeOf(key, known)
    readings.delete(key)
  }
  const set = (key: string, reading: Reading) => {
    drop(key)
    bytes += sizeOf(key, reading)
    readings.set(key, reading)
    for (const oldest of readings.keys()) {
      if (bytes <= mostBytes) break
      hasForgotten = true
      drop(oldest)
    }
  }
  const setSince = (what: string, since: string) => {
    sinces.delete(what)
    sinces.set(what, since.slice(0, mostSince))
    for (const oldest of sinces.keys()) {
      if (sinces.size <= mostSinces) break
      sinces.delete(oldest)
    }
  }
  for (const [key, value] of pairsOf(saved, 'readings')) {
    const reading = parseReading(value)
    if (reading !== undefined) set(key, reading)
  }
  for (const [what, since] of pairsOf(saved, 'sinces')) if (typeof since === 'string') setSince(what, since)
  for (const [view, pass] of pairsOf(saved, 'firsts')) if (typeof pass === 'number') firsts.set(view, pass)
  return {
    see(view, pass, isWhole) {
      if (!isWhole) firsts.set(view, never)
      else if (!firsts.has(view)) firsts.set(view, pass)
    },
    isNew(view, pass) {
      const first = firsts.get(view)
      return !hasForgotten && first !== undefined && first !== never && first < pass
    },
    get: (key) => readings.get(key),
    set,
    delete: drop,
    sinceOf: (what) => sinces.get(what),
    setSince,
    state: () =>
      firsts.size === 0
        ? undefined
        : { readings: [...readings], sinces: [...sinces], firsts: [...firsts], ...(hasForgotten && { hasForgotten }) },
  }
}

const never = -1
const mostSince = 64
const mostSinces = 80

/** A letter beyond ASCII has at most three bytes for each unit of its text. */
function sizeOf(key: string, reading: Reading): number {
  return 3 * JSON.stringify(key).length + JSON.stringify(reading).length + 8
}

function pairsOf(saved: unknown, name: string): [string, unknown][] {
  const pairs = isRow(saved) ? saved[name] : undefined
  if (!Array.isArray(pairs)) return []
  return pairs.filter((pair): pair is [string, unknown] => Array.isArray(pair) && typeof pair[0] === 'string')
}

/** Undefined for what is no reading. */
export function parseReading(value: unknown): Reading | undefined {
  if (!isRow(value) || !isRow(value.counts)) return undefined
  return {
    ...textOf(value, 'at'),
    ...textOf(value, 'since'),
    counts: countsOf(value.counts, Object.keys(value.counts)),
  }
}

function textOf(row: Row, name: 'at' | 'since'): { at?: string; since?: string } {
  const value = row[name]
  return typeof value === 'string' ? { [name]: value } : {}
}

function countsOf(row: Row, names: readonly string[]): Record<string, Count> {
  const counts: Record<string, Count> = {}
  for (const name of names) {
    const count = countOf(row[name])
    if (count !== undefined) counts[name] = count
  }
  return counts
}
