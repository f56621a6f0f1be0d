import type { Bites } from './bites.ts'
import type { Host } from './host.ts'

/** Why an agent begins anew. */
export interface Outgrown {
  rssBytes: number
  memoryMb: number
}

export interface MemoryCap {
  /** Waits until memory is below the cap. */
  untilSmall(signal: AbortSignal): Promise<void>
  /** Resolves when memory stays over its cap though nothing is read, and a new process would have less; or with the signal. */
  outgrown(signal: AbortSignal): Promise<Outgrown | undefined>
}

/** So often memory is looked at again while it is over its cap, and so often its garbage is collected. */
const lookMs = 1_000
const collectMs = 5_000
/** So often it is looked at while it is below. */
const smallMs = 10_000
/** Memory that has not come down for so long never will. */
const outgrownMs = 60_000
/** A process that has grown by less since it began would be no smaller when it began anew. */
const grownBytes = 32_000_000
/** Where a new process would not help, one piece is let through in so long: slowest, but not blind. */
const trickleMs = 30_000

interface Options {
  host: Pick<Host, 'steady' | 'sleep' | 'use'>
  bites: Bites
  memoryMb(): number
}

export function newMemoryCap({ host, bites, memoryMb }: Options): MemoryCap {
  const { use } = host
  const beganBytes = use.rssBytes()
  let collectedAt = Number.NEGATIVE_INFINITY
  const isTooLarge = () => use.rssBytes() > memoryMb() * 1_000_000
  const hasGrown = () => use.rssBytes() - beganBytes > grownBytes
  const collect = () => {
    if (host.steady() - collectedAt < collectMs) return
    collectedAt = host.steady()
    use.collectGarbage()
  }
  return {
    async untilSmall(signal) {
      for (let waitedMs = 0; isTooLarge() && !signal.aborted; waitedMs += lookMs) {
        if (waitedMs >= trickleMs && !hasGrown()) return
        collect()
        if (isTooLarge()) await bites.wait('memoryMb', lookMs, signal)
      }
    },
    async outgrown(signal) {
      for (let sinceMs: number | undefined; !signal.aborted; ) {
        sinceMs = isTooLarge() && hasGrown() ? (sinceMs ?? host.steady()) : undefined
        if (sinceMs !== undefined && host.steady() - sinceMs >= outgrownMs)
          return { rssBytes: use.rssBytes(), memoryMb: memoryMb() }
        await host.sleep(sinceMs === undefined ? smallMs : lookMs, signal)
      }
      return undefined
    },
  }
}
