import type { Event } from '../decode/decoder.ts'
import { eachValue, type Seen, valuesOf } from '../index/observables.ts'
import { createMatcher } from '../indicators/match.ts'
import type { Recognised } from '../indicators/reading.ts'
import type { FileSighting } from './files.ts'

/** What a file of indicators gave, and what it is called. */
export interface IndicatorList {
  recognised: readonly Recognised[]
  source: string
}

/** Indicators at work on events that no index holds. */
export interface Sightings {
  /** Gives sightings only when there are too many to be kept: their counts then come in parts. */
  take(event: Event): Iterable<FileSighting>
  rest(): Iterable<FileSighting>
}

const mostKept = 100_000
const none: readonly never[] = []

export function openSightings(list: IndicatorList | undefined): Sightings {
  if (list === undefined) return { take: () => none, rest: () => none }
  const { recognised, source } = list
  const matcher = createMatcher(recognised)
  const kept = new Map<string, FileSighting>()
  const drain = () => {
    const all = [...kept.values()]
    kept.clear()
    return all
  }
  const note = (indicator: Recognised, { type, value }: Seen) => {
    const key = `${indicator.type} ${indicator.value} ${type} ${value}`
    const known = kept.get(key)
    if (known === undefined) kept.set(key, toSighting({ ...indicator, source }, { type, value }))
    else known.count += 1
  }
  return {
    take(event) {
      const seen = new Set<string>()
      eachValue(event, (type, raw) => {
        for (const value of valuesOf(type, raw)) {
          const key = `${value.type} ${value.value}`
          if (seen.has(key)) continue
          seen.add(key)
          for (const indicator of matcher.match(value.type, value.value)) note(indicator, value)
        }
      })
      return kept.size > mostKept ? drain() : none
    },
    rest: drain,
  }
}

function toSighting({ type, value, source }: Recognised & { source: string }, observable: Seen): FileSighting {
  return { kind: 'sighting', indicator: { type, value, source }, observable, count: 1 }
}
