import type { Item } from './item.ts'
import type { Link } from './link.ts'

/** What a shortcut leads to, and which of its parts says so. */
export interface Target {
  path?: string
  url?: string
  from?: 'property' | 'link-info' | 'share' | 'environment' | 'items' | 'installer'
}

const myComputer = '::{20d04fe0-3aea-1069-a2d8-08002b30309d}'

/** System.ParsingPath: the path in UTF-16, which the shell leaves among the properties. */
const parsingPath = '28636aa6-953d-11d2-b5d6-00c04fd918d0/30'

/** The first part that names it; they agree unless somebody changed one. */
export function targetOf({ info, extra, items }: Link): Target {
  const url = items.find(({ is, name }) => is === 'url' && name !== '')?.name
  if (url !== undefined) return { url, from: 'items' }
  const parsed = extra.properties?.find(({ name }) => name === parsingPath)?.value
  if (info?.isSure === false && parsed) return { path: parsed, from: 'property' }
  if (info?.localPath) return { path: info.localPath, from: 'link-info' }
  if (info?.networkPath) return { path: info.networkPath, from: 'share' }
  if (extra.environmentPath) return { path: extra.environmentPath, from: 'environment' }
  const path = pathOf(items)
  if (path !== '') return { path, from: 'items' }
  return extra.installer ? { path: extra.installer, from: 'installer' } : {}
}

/** As Windows writes the way through the shell: `C:\a\b`, `::{GUID}\b`. Empty where a step has no name. */
function pathOf(items: readonly Item[]): string {
  const steps = items[0]?.name === myComputer && items.length > 1 ? items.slice(1) : items
  if (steps.some(({ name }) => name === '')) return ''
  return steps.map(({ name }, i) => (i < steps.length - 1 && name.endsWith('\\') ? name.slice(0, -1) : name)).join('\\')
}
