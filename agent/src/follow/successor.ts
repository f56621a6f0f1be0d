import type { FileStat, Host } from '../host.ts'
import { after, type KnownFiles, knownOf, type Rotated } from './rotated.ts'
import type { Trail } from './trail.ts'

/** A rotated file to which nobody has written for so long is left, also while the new one is still empty. */
export const quietMs = 60_000

/** What was written after a file. */
export interface Successor extends Rotated {
  /** It is time to go on: there is something in it, or nothing comes to the old file any more. */
  isDue: boolean
  /** Files that were rotated in between are compressed so that they cannot be read. */
  skipped: boolean
  /** Rotated files that are no later than it. */
  known: KnownFiles
}

interface Sought {
  path: string
  /** Oldest first. */
  rotated: readonly Rotated[]
  trail: Trail
  /** What the name stands for now. */
  named: FileStat | undefined
  /** Rotated files that were there when the one at hand was begun. */
  known: KnownFiles | undefined
}

/** Undefined while there is none. */
export async function successorOf(
  host: Pick<Host, 'open'>,
  { path, rotated, trail, named, known }: Sought,
): Promise<Successor | undefined> {
  const { next, skipped } = await after(host, rotated, trail, known)
  if (next !== undefined)
    return { ...next, isDue: true, skipped, known: knownOf(rotated.slice(0, rotated.indexOf(next) + 1)) }
  if (named === undefined) return undefined
  const isDue = named.size > 0 || trail.quietMs >= quietMs
  return { path, packing: undefined, stat: named, isDue, skipped, known: knownOf(rotated) }
}
