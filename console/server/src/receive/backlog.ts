import type { Index } from '../index/index-port.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** Batches that are in the ledger and that the index has not read yet. */
export interface Backlog {
  /** How many of a host. */
  of(host: string): number
  /** When the oldest of all was received, milliseconds UTC. */
  oldestMs(): number | undefined
  /** Resolves when what was there at the start is counted. */
  ready: Promise<void>
  close(): void
}

/** No more than so many are looked up: the newest. */
const mostLookedUp = 100_000
const atOnce = 64

interface Waiting {
  host: string
  receivedAtMs: number
}

/** Follows ledger and index by position: what is appended waits until the index is past it. */
export function openBacklog({
  ledger,
  index,
}: {
  ledger: Pick<Ledger, 'size' | 'entry' | 'onAppend'>
  index: Pick<Index, 'asOf'>
}): Backlog {
  const counts = new Map<string, number>()
  /** In the order of the ledger; the first stands at position `first`. */
  let waiting: Waiting[] = []
  let first = ledger.size()
  /** As far as the index had read when we looked last. */
  let seenAsOf = 0
  let isFilling = false
  let isOpen = true
  const count = (host: string, change: 1 | -1) => {
    const next = (counts.get(host) ?? 0) + change
    if (next === 0) counts.delete(host)
    else counts.set(host, next)
  }
  const stop = ledger.onAppend(({ host, receivedAtMs }) => {
    waiting.push({ host, receivedAtMs })
    count(host, 1)
  })
  /** Puts in front what the index has not read of what came before. What cannot be read is not counted. */
  const fill = async () => {
    isFilling = true
    seenAsOf = index.asOf()
    const from = Math.max(seenAsOf, ledger.size() - mostLookedUp)
    const early: Waiting[] = []
    for (let at = from; at < first && isOpen; at += atOnce) {
      const positions = Array.from({ length: Math.min(atOnce, first - at) }, (_, i) => at + i)
      const entries = await Promise.all(positions.map((position) => ledger.entry(position))).catch(() => [])
      for (const entry of entries)
        if (entry !== undefined) early.push({ host: entry.host, receivedAtMs: entry.receivedAtMs })
    }
    for (const { host } of early) count(host, 1)
    waiting = [...early, ...waiting]
    first -= early.length
    isFilling = false
  }
  const look = () => {
    if (isFilling) return
    const asOf = index.asOf()
    // An index that is made again reads again what we have forgotten.
    if (asOf < seenAsOf) return void fill()
    seenAsOf = asOf
    const done = waiting.splice(0, Math.max(asOf - first, 0))
    for (const { host } of done) count(host, -1)
    first += done.length
  }
  const ready = fill()
  return {
    ready,
    of(host) {
      look()
      return counts.get(host) ?? 0
    },
    oldestMs() {
      look()
      return waiting[0]?.receivedAtMs
    },
    close() {
      isOpen = false
      stop()
    },
  }
}
