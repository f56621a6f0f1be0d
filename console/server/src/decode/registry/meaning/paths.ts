import type { Meaning } from './meaning.ts'

/** Where in the tree of paths a key stands, and what knows it there. */
export interface Place {
  meanings: readonly Meaning[]
  below: ReadonlyMap<string, Place>
}

interface Building extends Place {
  meanings: Meaning[]
  below: Map<string, Building>
}

/** One tree of the paths of all meanings. */
export function placesOf(all: readonly Meaning[]): Place {
  const root: Building = { meanings: [], below: new Map() }
  for (const meaning of all)
    for (const path of meaning.paths) {
      let place = root
      for (const name of path.toLowerCase().split('\\')) {
        const next = place.below.get(name) ?? { meanings: [], below: new Map() }
        place.below.set(name, next)
        place = next
      }
      place.meanings.push(meaning)
    }
  return root
}

const none: readonly Place[] = []

/** The places of a key of this name below a key at these places: several, as `*` is every name. */
export function placesBelow(places: readonly Place[], name: string): readonly Place[] {
  if (places.length === 0) return none
  const folded = name.toLowerCase()
  const found: Place[] = []
  for (const { below } of places) {
    const named = below.get(folded)
    const any = below.get('*')
    if (named !== undefined) found.push(named)
    if (any !== undefined) found.push(any)
  }
  return found.length === 0 ? none : found
}
