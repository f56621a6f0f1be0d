import type { Host, IncidentRow } from '@tidewaiter/protocol/api'
import { links } from '../../links.ts'
import { escapeText } from '../../ui/escape.ts'
import type { Href } from '../../ui/link.tsx'
import { guessField, quoted } from '../query/chips.ts'
import { places } from './places.ts'

export interface Offer {
  id: string
  kind: string
  text: string
  to: Href
}

const mostOffers = 12

/** Where the words may lead: the events that hold them, places, hosts and incidents whose name has them. */
export function offersFor(
  words: string,
  known: { hosts: readonly Host[]; incidents: readonly IncidentRow[] },
): Offer[] {
  const wanted = words.trim()
  const has = (text: string) => text.toLowerCase().includes(wanted.toLowerCase())
  const found: Offer[] = [
    ...places
      .filter(({ name }) => has(name))
      .map(({ name, to }) => ({ id: `place-${name}`, kind: 'Page', text: name, to })),
    ...known.hosts
      .filter(({ name }) => wanted !== '' && has(name))
      .map(({ id, name }) => ({ id: `host-${id}`, kind: 'Host', text: escapeText(name), to: links.host(id) })),
    ...known.incidents
      .filter(({ id, name }) => has(`${id} ${name}`))
      .map(({ id, name }) => ({
        id: `incident-${id}`,
        kind: 'Incident',
        text: escapeText(`${id} ${name}`),
        to: links.incident(id),
      })),
  ]
  const all = wanted === '' ? found : [...found.slice(0, mostOffers - 2), ...searches(wanted)]
  // An address or hash is meant as one: its search comes first.
  return guessField(wanted) === undefined ? all.slice(0, mostOffers) : all.toReversed()
}

function searches(words: string): Offer[] {
  const field = guessField(words)
  const q = field === undefined ? words : `${field}:${quoted(words)}`
  const search = { id: 'search', kind: 'Events', text: `Search events for ${q}`, to: links.search({ q }) }
  if (field === undefined || field === 'email') return [search]
  return [
    { id: 'indicator', kind: 'Indicator', text: `Make ${words} an indicator`, to: links.indicatorOf(words) },
    search,
  ]
}
