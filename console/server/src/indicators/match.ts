import type { ObservableType } from '@tidewaiter/protocol/api'
import type { SeenType } from '../index/observable-key.ts'
import { openNetworks } from './networks.ts'

/** What a matcher needs of an indicator: the value in its normal form (`normalValue`). */
export interface Sought {
  type: ObservableType
  value: string
}

/** Indicators in memory, asked with one observable after another. */
export interface Matcher<I> {
  size: number
  /** The indicators that this observable meets. @param value in its normal form */
  match(type: SeenType, value: string): readonly I[]
}

/**
 * Values meet exactly; an address also meets the networks it lies in, a name also the domains it is below. Paths, names
 * of files and accounts are compared in the normal form, so without case where their systems do not tell cases apart.
 */
export function createMatcher<I extends Sought>(indicators: Iterable<I>): Matcher<I> {
  const exact = new Map<string, Exact<I>>()
  const ranges: I[] = []
  let size = 0
  for (const indicator of indicators) {
    size += 1
    const { type, value } = indicator
    if (type === 'cidr') ranges.push(indicator)
    else put(ofType(exact, type), value, indicator)
  }
  const networks = openNetworks(ranges)
  const domains = exact.get('domain')
  return {
    size,
    match(type, value) {
      if (type === 'domain') return domains === undefined ? none : upwards(domains, value)
      const found = listOf(exact.get(type)?.get(value))
      return type === 'ip' ? withNetworks(found, value) : found
    },
  }

  function withNetworks(found: readonly I[], address: string): readonly I[] {
    let all = found
    networks.around(address, (indicator) => {
      all = [...all, indicator]
    })
    return all
  }
}

const none: readonly never[] = []

/** Indicators by value. A list only where several sources name one value: a million lists of one would cost 40 MB. */
type Exact<I> = Map<string, I | I[]>

function ofType<I>(exact: Map<string, Exact<I>>, type: ObservableType): Exact<I> {
  const there = exact.get(type)
  if (there !== undefined) return there
  const made: Exact<I> = new Map()
  exact.set(type, made)
  return made
}

function put<I>(exact: Exact<I>, value: string, indicator: I): void {
  const there = exact.get(value)
  if (there === undefined) exact.set(value, indicator)
  else if (Array.isArray(there)) there.push(indicator)
  else exact.set(value, [there, indicator])
}

function listOf<I>(found: I | I[] | undefined): readonly I[] {
  return found === undefined ? none : Array.isArray(found) ? found : [found]
}

/** The name itself and every domain above it. */
function upwards<I>(domains: Exact<I>, name: string): readonly I[] {
  let found = listOf(domains.get(name))
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const above = domains.get(name.slice(dot + 1))
    if (above !== undefined) found = [...found, ...listOf(above)]
  }
  return found
}
