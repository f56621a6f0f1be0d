import type { Header } from '@tidewaiter/protocol'
import type { Index } from '../index/index-port.ts'
import type { Entry, Ledger } from '../ledger/ledger.ts'

/** Batches that are in the ledger and that the index has not read yet. */
export interface Backlog {
  /** How many of a host. */
  of(host: string): number
  /** Of every host that sent something since the start. */
  loads(): ReadonlyMap<string, Load>
  /** When the oldest of all was received, milliseconds UTC. */
  oldestMs(): number | undefined
  /** Resolves when what was there at the start is counted. */
  ready: Promise<void>
  close(): void
}

/** What a host is to the console. Bytes are those of its batches, sealed and inflated, and what their parts cost beside them. */
export interface Load {
  waitingBatches: number
  waitingBytes: number
  /** All that came since the start. */
  takenBytes: number
}

/** What a batch and a record cost the index beside their bytes. */
const batchBytes = 16 * 1024
const recordBytes = 128

/** No more than so many are looked up: the newest. */
const mostLookedUp = 100_000
const atOnce = 64

interface Waiting {
  load: Load
  bytes: number
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
  const loads = new Map<string, Load>()
  /** In the order of the ledger; the first stands at position `first`. */
  let waiting: Waiting[] = []
  let first = ledger.size()
  /** As far as the index had read when we looked last. */
  let seenAsOf = 0
  let isFilling = false
  let isOpen = true
  const loadOf = (host: string): Load => {
    const load = loads.get(host) ?? { waitingBatches: 0, waitingBytes: 0, takenBytes: 0 }
    loads.set(host, load)
    return load
  }
  const toWaiting = (entry: Entry): Waiting => {
    const [load, bytes] = [loadOf(entry.host), bytesOf(entry)]
    load.waitingBatches += 1
    load.waitingBytes += bytes
    return { load, bytes, receivedAtMs: entry.receivedAtMs }
  }
  const stop = ledger.onAppend((entry) => {
    const next = toWaiting(entry)
    next.load.takenBytes += next.bytes
    waiting.push(next)
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
      for (const entry of entries) if (entry !== undefined) early.push(toWaiting(entry))
    }
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
    for (const { load, bytes } of done) {
      load.waitingBatches -= 1
      load.waitingBytes -= bytes
    }
    first += done.length
  }
  const ready = fill()
  return {
    ready,
    of(host) {
      look()
      return loads.get(host)?.waitingBatches ?? 0
    },
    loads() {
      look()
      return loads
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

/** Its header was checked before it was appended. */
function bytesOf({ headerBytes }: Entry): number {
  const { rawBytes, payloadBytes, count }: Header = JSON.parse(Buffer.from(headerBytes).toString())
  return batchBytes + rawBytes + payloadBytes + count * recordBytes
}
