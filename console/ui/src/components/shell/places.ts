import { links } from '../../links.ts'
import type { Href } from '../../ui/link.tsx'
import type { IconName } from '../../ui/symbols.tsx'

/** A place of the console: in the rail, in the palette, and under `g` and its key. */
export interface Place {
  name: string
  icon: IconName
  to: Href
  /** Second key after `g`. */
  key: string
}

/** The three doors, named after the work. */
export const groups: readonly { name: string; places: readonly Place[] }[] = [
  { name: '', places: [{ name: 'Overview', icon: 'overview', to: links.overview, key: 'o' }] },
  {
    name: 'Fleet',
    places: [
      { name: 'Hosts', icon: 'hosts', to: links.hosts(), key: 'h' },
      { name: 'Enrol', icon: 'enrol', to: links.enrol, key: 'e' },
    ],
  },
  {
    name: 'Investigate',
    places: [
      { name: 'Findings', icon: 'findings', to: links.findings({}), key: 'f' },
      { name: 'Search', icon: 'search', to: links.search(), key: 's' },
      { name: 'Indicators', icon: 'indicators', to: links.indicators(), key: 'i' },
    ],
  },
  {
    name: 'Report',
    places: [
      { name: 'Incidents', icon: 'incidents', to: links.incidents, key: 'n' },
      { name: 'Verify', icon: 'verify', to: links.verify, key: 'v' },
    ],
  },
]

export const settingsPlace: Place = { name: 'Settings', icon: 'settings', to: links.settings(), key: 'p' }

export const places: readonly Place[] = [...groups.flatMap((group) => group.places), settingsPlace]

/** Whether the address belongs to the place. */
export function isAt(path: string, { to }: Place): boolean {
  return to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`)
}
