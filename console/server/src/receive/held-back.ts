import type { Space } from '../ledger/disk.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Backlog } from './backlog.ts'
import type { Bounds } from './bounds.ts'

/**
 * Hosts that are held back, since what they send is more than their share: while the index is behind, its time, and
 * where the disk runs short, what is left of it. What they have stays in their spools, and what is in the ledger stays
 * in its order.
 */
export interface HeldBack {
  /** Why a host is held back; undefined where it is not. */
  why(host: string): string | undefined
  /** Looks who takes how much. Called every few seconds. */
  look(): Promise<void>
}

interface HeldBackOptions {
  ledger: Pick<Ledger, 'space'>
  backlog: Pick<Backlog, 'loads' | 'oldestMs'>
  bounds: Pick<Bounds, 'behindMs' | 'shareBytes' | 'holdMs' | 'lowBytes' | 'scarceBytes'>
  /** Hosts that are connected. */
  connected(): Iterable<string>
  now(): number
  /** Milliseconds that only rise. */
  steady(): number
  /** A host is held back from now on, because of this, or no more. */
  changed(host: string, why: string | undefined): void
  /** A host that is held back went on sending, also after what was on its way when it was told. */
  goesOn(host: string): void
}

interface Held {
  why: string
  sinceMs: number
  /** What it had taken when we looked last; undefined when it was told just then, and some was on its way. */
  takenBytes: number | undefined
}

/** A disk is short also with less than this part of it free, however small it is. */
const lowPart = 1 / 4
/** A disk on which there is so much more than what is short is not short any more. */
const plenty = 1.25

export function openHeldBack(options: HeldBackOptions): HeldBack {
  const { ledger, bounds, steady, changed, goesOn } = options
  const held = new Map<string, Held>()
  const waitsTooMuch = openIndexShares(options)
  const takesTooMuch = openDiskShares(options)
  let isLooking = false
  const judgeOne = (host: string, takenBytes: number, why: string | undefined) => {
    const before = held.get(host)
    if (why === undefined) held.delete(host)
    else held.set(host, { why, sinceMs: before?.sinceMs ?? steady(), takenBytes: before && takenBytes })
    if ((why === undefined) !== (before === undefined)) changed(host, why)
    else if (takenBytes > (before?.takenBytes ?? takenBytes)) goesOn(host)
  }
  const judge = (space: Space | undefined) => {
    const { loads, hosts } = everybody(options)
    const [byDisk, byIndex] = [takesTooMuch(loads, space), waitsTooMuch(loads, hosts, held)]
    for (const host of new Set([...hosts, ...held.keys(), ...byDisk.keys()])) {
      // A turn now and then, whatever the index does: the ledger is what evidence must reach.
      const isRested = steady() - (held.get(host)?.sinceMs ?? steady()) >= bounds.holdMs
      judgeOne(host, loads.get(host)?.takenBytes ?? 0, byDisk.get(host) ?? (isRested ? undefined : byIndex.get(host)))
    }
  }
  return {
    why: (host) => held.get(host)?.why,
    async look() {
      if (isLooking) return
      isLooking = true
      // A disk that does not answer is no reason to hold anybody back.
      const space = await ledger.space().catch(() => undefined)
      isLooking = false
      judge(space)
    },
  }
}

type Loads = ReturnType<Backlog['loads']>

function everybody({ backlog, connected }: HeldBackOptions): { loads: Loads; hosts: ReadonlySet<string> } {
  const loads = backlog.loads()
  const waiting = [...loads].filter(([, { waitingBytes }]) => waitingBytes > 0).map(([host]) => host)
  return { loads, hosts: new Set([...connected(), ...waiting]) }
}

/** Hosts that have more than twice as much waiting for the index as the others have on average, while it is behind. */
function openIndexShares({ backlog, bounds, now }: HeldBackOptions) {
  let isBehind = false
  return (loads: Loads, hosts: ReadonlySet<string>, held: ReadonlyMap<string, unknown>): Map<string, string> => {
    const behindMs = now() - (backlog.oldestMs() ?? now())
    isBehind = behindMs > (isBehind ? bounds.behindMs / 2 : bounds.behindMs)
    if (!isBehind || hosts.size < 2) return new Map()
    const bytesOf = (host: string) => loads.get(host)?.waitingBytes ?? 0
    const all = [...hosts].reduce((sum, host) => sum + bytesOf(host), 0)
    const isOver = (host: string) => {
      const own = bytesOf(host)
      const most = held.has(host) ? bounds.shareBytes / 2 : bounds.shareBytes
      return own > most && own > (2 * (all - own)) / (hosts.size - 1)
    }
    const says = (host: string) =>
      `The index is ${Math.round(behindMs / 1000)} s behind, and ${mb(bytesOf(host))} of ${mb(all)} that wait for it are of this host.`
    return new Map([...hosts].filter(isOver).map((host) => [host, says(host)]))
  }
}

/**
 * Hosts that took more than their part of the disk: no one fills it before the others are looked at, and what is scarce
 * is shared equally.
 */
function openDiskShares({ connected, bounds }: HeldBackOptions) {
  const whileLow = openShortage((hosts) => Math.min(2 / hosts, 1 / 2))
  const whileScarce = openShortage((hosts) => 1 / hosts)
  return (loads: Loads, space: Space | undefined): Map<string, string> => {
    // Whoever went away with more than its part would come back for another one.
    const hosts = new Set([...connected(), ...loads.keys()])
    const { freeBytes, volumeBytes } = space ?? { freeBytes: Number.POSITIVE_INFINITY, volumeBytes: 0 }
    const lowBytes = Math.min(bounds.lowBytes, volumeBytes * lowPart)
    return new Map([
      ...whileLow({ loads, hosts, freeBytes, shortBytes: lowBytes }),
      ...whileScarce({ loads, hosts, freeBytes, shortBytes: bounds.scarceBytes }),
    ])
  }
}

interface Disk {
  loads: Loads
  hosts: ReadonlySet<string>
  freeBytes: number
  /** With less free it is short. */
  shortBytes: number
}

/**
 * Hosts that took more than a part of what was free when the disk began to run short, until there is room again.
 * @param partOf what one of so many hosts may take
 */
function openShortage(partOf: (hosts: number) => number) {
  let short: { freeBytes: number; taken: Map<string, number> } | undefined
  return ({ loads, hosts, freeBytes, shortBytes }: Disk): Map<string, string> => {
    if (freeBytes > shortBytes * (short === undefined ? 1 : plenty)) short = undefined
    else short ??= { freeBytes, taken: new Map([...loads].map(([host, { takenBytes }]) => [host, takenBytes])) }
    if (short === undefined || hosts.size < 2) return new Map()
    const { taken } = short
    const share = short.freeBytes * partOf(hosts.size)
    const ownOf = (host: string) => (loads.get(host)?.takenBytes ?? 0) - (taken.get(host) ?? 0)
    const says = `${mb(short.freeBytes)} were left on the disk of the console when it began to run short, and ${mb(freeBytes)} are now: this host took its part, ${mb(share)}.`
    return new Map([...hosts].filter((host) => ownOf(host) > share).map((host) => [host, says]))
  }
}

function mb(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`
}
