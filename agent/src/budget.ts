import type { Caps } from '@tidewaiter/protocol'
import { type Bites, newBites } from './bites.ts'
import { newBucket } from './bucket.ts'
import { defaultCaps } from './caps.ts'
import type { Clock, Host } from './host.ts'
import { type Load, newLoad } from './load.ts'
import { type MemoryCap, newMemoryCap } from './memory-cap.ts'

/** The one place that holds the agent to the caps in force: whoever reads or sends asks here first, and waits. */
export interface Budget extends Pick<MemoryCap, 'outgrown'> {
  setCaps(caps: Required<Caps>): void
  caps(): Required<Caps>
  /**
   * To be called before more is read: waits while the caps on memory or CPU are exceeded. Whoever comes first goes
   * first, so that a source without end is no further ahead than one piece for each of the others.
   */
  paceWork(signal: AbortSignal): Promise<void>
  /** To be called before bytes are sent: waits until the caps on CPU and on the wire allow it. Reading goes on meanwhile. */
  paceWire(bytes: number, signal: AbortSignal): Promise<void>
  /** To be called with all that is sent, also with what must not wait. */
  sent(bytes: number): void
  bites: Bites
  load(): Load
  /** Since this agent began to run. */
  used(): { cpuMs: number; sentBytes: number }
}

/** CPU that is let through at once, and the least that is worth waiting for. */
const cpu = { burstMs: 500, leastMs: 10 }
/** What the wire lets through at once: a second of its cap. */
const wireBurstMs = 1_000

export function newBudget(host: Clock & Pick<Host, 'use'>): Budget {
  const { use } = host
  const bites = newBites(host)
  const [cpuBucket, wireBucket] = [newBucket(host), newBucket(host)]
  const beganMs = use.cpuMs()
  let caps: Required<Caps> = defaultCaps
  let paidMs = beganMs
  let sentBytes = 0
  let turn = Promise.resolve()
  const memory = newMemoryCap({ host, bites, memoryMb: () => caps.memoryMb })

  const setCaps = (next: Required<Caps>) => {
    caps = next
    const share = next.cpuPercent / 100
    cpuBucket.setRate(share < 1 ? { perMs: share, burst: cpu.burstMs } : undefined)
    // A kilobyte a second is a byte a millisecond.
    const perMs = next.kilobytesPerSecond
    wireBucket.setRate({ perMs, burst: perMs * wireBurstMs })
  }
  const pay = () => {
    const now = use.cpuMs()
    cpuBucket.spend(now - paidMs)
    paidMs = now
    return cpuBucket.waitMs(cpu.leastMs)
  }
  const untilPaid = async (signal: AbortSignal) => {
    for (let ms = pay(); ms > 0 && !signal.aborted; ms = pay()) await bites.wait('cpuPercent', ms, signal)
  }
  setCaps(caps)
  return {
    bites,
    setCaps,
    caps: () => caps,
    paceWork(signal) {
      turn = turn.then(async () => {
        await memory.untilSmall(signal)
        await untilPaid(signal)
      })
      return turn
    },
    async paceWire(bytes, signal) {
      await untilPaid(signal)
      for (let ms = wireBucket.waitMs(bytes); ms > 0 && !signal.aborted; ms = wireBucket.waitMs(bytes))
        await bites.wait('kilobytesPerSecond', ms, signal)
    },
    sent(bytes) {
      sentBytes += bytes
      wireBucket.spend(bytes)
    },
    load: newLoad(host, () => sentBytes),
    used: () => ({ cpuMs: use.cpuMs() - beganMs, sentBytes }),
    outgrown: memory.outgrown,
  }
}
