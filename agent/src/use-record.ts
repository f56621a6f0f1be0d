import { type Capped, capStates } from './cap-states.ts'
import type { Host } from './host.ts'
import type { OwnRecords } from './own-records.ts'
import { toTime } from './time.ts'

type Options = Capped & { host: Host; own: OwnRecords }

/** What it uses is sealed at least so often, and earlier when a cap slowed it down or it uses much more or less than it said. */
const longestMs = 15 * 60_000
const much = { cpuPercent: 5, rssBytes: 20_000_000 }

/** Seals what the agent itself uses of the host; to be called every minute. */
export function newUseRecord({ host, own, budget, spool }: Options): (signal: AbortSignal) => Promise<void> {
  let told = { at: host.now(), steady: host.steady(), ...budget.used(), cpuPercent: 0, rssBytes: host.use.rssBytes() }
  return async (signal) => {
    const now = { at: host.now(), steady: host.steady(), ...budget.used() }
    const elapsedMs = now.steady - told.steady
    const cpuMs = now.cpuMs - told.cpuMs
    const [cpuPercent, rssBytes] = [rounded((cpuMs / Math.max(elapsedMs, 1)) * 100), host.use.rssBytes()]
    const isSlowed = capStates({ budget, spool }).some(({ since }) => since !== undefined)
    const differs =
      Math.abs(cpuPercent - told.cpuPercent) > much.cpuPercent || Math.abs(rssBytes - told.rssBytes) > much.rssBytes
    if (!isSlowed && !differs && elapsedMs < longestMs) return
    const caps = Array.from(budget.bites.take(), ([cap, slowed]) => ({ cap, limit: budget.caps()[cap], ...slowed }))
    const { bytes, unacked } = spool.usage()
    const what = {
      since: toTime(told.at),
      cpuSeconds: rounded(cpuMs / 1000),
      cpuPercent,
      rssBytes,
      spoolBytes: bytes,
      spoolUnacked: unacked,
      sentBytes: now.sentBytes - told.sentBytes,
      caps,
    }
    told = { ...now, cpuPercent, rssBytes }
    await own.note('agent:run', 'use', what, { signal })
  }
}

function rounded(value: number): number {
  return Math.round(Math.max(0, value) * 10) / 10
}
