import { type Frontier, frontierRoot, hashBytes, toHex } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'

/** Roots of the newest sizes of a growing ledger: a host witnesses what it was given a moment ago. */
export interface Roots {
  add(frontier: Frontier): void
  /** The root over so many entries, hex; undefined where it is forgotten or not there yet. */
  at(size: number): string | undefined
}

const mostKept = 65_536

export function openRoots(): Roots {
  const kept = Buffer.alloc(mostKept * hashBytes)
  let newest = 0
  return {
    add(frontier) {
      newest = frontier.size
      kept.set(frontierRoot(nodePrimitives, frontier), (newest % mostKept) * hashBytes)
    },
    at(size) {
      if (size < 1 || size > newest || size <= newest - mostKept) return undefined
      const at = (size % mostKept) * hashBytes
      return toHex(kept.subarray(at, at + hashBytes))
    },
  }
}
