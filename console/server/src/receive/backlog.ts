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

/** At the start no more than so many are looked up: the newest. */
const mostLookedUp = 100_000
/** So many are kept in mind: the oldest. Those behind them are counted, and read again when the index comes to them. */
const mostKept = 100_000
const atOnce = 64

interface Waiting {
  position: number
  load: Load
  bytes: number
  receivedAtMs: number
}

interface BacklogOptions {
  ledger: Pick<Ledger, 'size' | 'entry' | 'onAppend'>
  index: Pick<Index, 'asOf'>
}

/** Follows ledger and index by position: what is appended waits until the index is past it. */
export function openBacklog({ ledger, index }: BacklogOptions): Backlog {
  const counts = openCounts()
  /** In the order of the ledger. */
  let kept: Waiting[] = []
  /** Position behind the newest that is kept, and behind the newest that is counted. */
  let next = ledger.size()
  let counted = next
  /** As far as the index had read when we looked last. */
  let seenAsOf = 0
  let isFilling = false
  let isReading = false
  let isOpen = true
  const stop = ledger.onAppend((entry) => {
    const waiting = counts.add(entry)
    waiting.load.takenBytes += waiting.bytes
    counted = entry.position + 1
    if (next !== entry.position || kept.length >= mostKept) return
    kept.push(waiting)
    next = counted
  })
  /** Puts in front what the index has not read of what came before. */
  const fill = async () => {
    isFilling = true
    seenAsOf = index.asOf()
    const first = kept[0]?.position ?? next
    const early: Waiting[] = []
    for (let at = Math.max(seenAsOf, counted - mostLookedUp); at < first && isOpen; at += atOnce)
      for (const entry of await entriesOf(ledger, at, Math.min(at + atOnce, first))) early.push(counts.add(entry))
    kept = [...early, ...kept]
    isFilling = false
  }
  /** Reads on behind what is kept, where the index may have been already. */
  const readOn = async () => {
    isReading = true
    for (let from = next; from < counted && kept.length < mostKept && isOpen; from = next) {
      const to = Math.min(from + atOnce, counted)
      const entries = await entriesOf(ledger, from, to)
      // Nothing waited any more.
      if (next !== from) break
      for (const entry of entries)
        if (entry.position < index.asOf()) counts.pass(counts.of(entry))
        else kept.push(counts.of(entry))
      next = to
    }
    isReading = false
  }
  const look = () => {
    const asOf = index.asOf()
    if (isFilling) return
    // An index that is made again reads again what we have forgotten.
    if (asOf < seenAsOf) return isReading ? undefined : void fill()
    takeBefore(kept, asOf).forEach(counts.pass)
    seenAsOf = asOf
    if (asOf >= counted) {
      counts.clear()
      next = counted
    } else if (kept.length < mostKept / 2 && next < counted && !isReading) void readOn()
  }
  const ready = fill()
  return {
    ready,
    of(host) {
      look()
      return counts.loads.get(host)?.waitingBatches ?? 0
    },
    loads() {
      look()
      return counts.loads
    },
    oldestMs() {
      look()
      return kept[0]?.receivedAtMs ?? (next < counted ? counts.passedMs() : undefined)
    },
    close() {
      isOpen = false
      stop()
    },
  }
}

/** What cannot be read is left out. */
async function entriesOf(ledger: Pick<Ledger, 'entry'>, from: number, to: number): Promise<Entry[]> {
  const positions = Array.from({ length: to - from }, (_, i) => from + i)
  const entries = await Promise.all(positions.map((position) => ledger.entry(position).catch(() => undefined)))
  return entries.filter((entry) => entry !== undefined)
}

function takeBefore(kept: Waiting[], asOf: number): Waiting[] {
  const left = kept.findIndex(({ position }) => position >= asOf)
  return kept.splice(0, left < 0 ? kept.length : left)
}

/** What waits and what was taken, host by host. */
function openCounts() {
  const loads = new Map<string, Load>()
  let passedMs: number | undefined
  const of = ({ position, host, receivedAtMs, headerBytes }: Entry): Waiting => {
    const load = loads.get(host) ?? { waitingBatches: 0, waitingBytes: 0, takenBytes: 0 }
    loads.set(host, load)
    return { position, load, bytes: bytesOf(headerBytes), receivedAtMs }
  }
  const change = ({ load, bytes }: Waiting, sign: 1 | -1) => {
    load.waitingBatches += sign
    load.waitingBytes += sign * bytes
  }
  return {
    loads,
    of,
    add(entry: Entry): Waiting {
      const waiting = of(entry)
      change(waiting, 1)
      return waiting
    },
    /** It waits no more. */
    pass(waiting: Waiting): void {
      change(waiting, -1)
      passedMs = waiting.receivedAtMs
    },
    /** When the last that waits no more was received. */
    passedMs: () => passedMs,
    /** Nothing waits, also of what could not be read a second time. */
    clear() {
      for (const load of loads.values()) Object.assign(load, { waitingBatches: 0, waitingBytes: 0 })
    },
  }
}

/** Its header was checked before it was appended. */
function bytesOf(headerBytes: Uint8Array): number {
  const { rawBytes, payloadBytes, count }: Header = JSON.parse(Buffer.from(headerBytes).toString())
  return batchBytes + rawBytes + payloadBytes + count * recordBytes
}
