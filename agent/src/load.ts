import type { Host } from './host.ts'

export interface Load {
  /** Of one core, over some seconds. */
  cpuPercent: number
  rssBytes: number
  sentPerSecond: number
}

/** The load is measured over at least so long. */
const leastMs = 5_000

/** Measures what the agent uses, since it was asked last. */
export function newLoad(host: Pick<Host, 'steady' | 'use'>, sentBytes: () => number): () => Load {
  const look = () => ({ cpuMs: host.use.cpuMs(), steady: host.steady(), sentBytes: sentBytes() })
  let measured = look()
  let load: Load = { cpuPercent: 0, rssBytes: host.use.rssBytes(), sentPerSecond: 0 }
  return () => {
    const now = look()
    const elapsedMs = now.steady - measured.steady
    if (elapsedMs < leastMs) return load
    const cpuPercent = Math.round(((now.cpuMs - measured.cpuMs) / elapsedMs) * 1000) / 10
    const sentPerSecond = Math.round(((now.sentBytes - measured.sentBytes) / elapsedMs) * 1000)
    load = { cpuPercent: Math.max(0, cpuPercent), rssBytes: host.use.rssBytes(), sentPerSecond }
    measured = now
    return load
  }
}
