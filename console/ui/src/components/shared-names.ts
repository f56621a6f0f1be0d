import { useQuery } from '@tanstack/react-query'
import { hostsQuery } from '../api/hosts.ts'

interface Named {
  id: string
  name: string
}

const nothing: readonly Named[] = []
/** One answer for all cells of a page that ask. */
const known = new WeakMap<readonly Named[], ReadonlySet<string>>()

/** Names, in lower case, that more than one host has. Names of hosts are no ids: images are cloned with theirs. */
export function sharedNames(hosts: readonly Named[]): ReadonlySet<string> {
  const held = known.get(hosts)
  if (held !== undefined) return held
  const groups = Map.groupBy(hosts, ({ name }) => name.toLowerCase())
  const shared = new Set([...groups].flatMap(([name, own]) => (own.length > 1 ? [name] : [])))
  known.set(hosts, shared)
  return shared
}

export function useSharedNames(): ReadonlySet<string> {
  return sharedNames(useQuery(hostsQuery).data?.rows ?? nothing)
}

/** Enough of the id of a host to tell it from others. */
export function shortId(id: string): string {
  return id.slice(0, 8)
}
