import type { Host } from './host.ts'
import { toTime } from './time.ts'

/** Something a clock of the machine gave away. Times are those of the host's wall clock. */
export type Jump =
  /** The wall clock was set: `before` is what it would have said, `after` what it says. */
  | { kind: 'clock-step'; before: string; after: string; ms: number }
  /** The machine was suspended, and the agent with it. */
  | { kind: 'asleep'; from: string; to: string; ms: number }
  /** The machine went on and the agent was not let run: it was stopped (SIGSTOP), or got no processor time. */
  | { kind: 'stalled'; from: string; to: string; ms: number }

/** Less is what a clock that is kept right by slewing, or a busy machine, does by itself. */
const least = { stepMs: 1_000, asleepMs: 2_000, stalledMs: 15_000 }

type Clocks = Pick<Host, 'now' | 'steady' | 'sinceBoot' | 'sleep'>

/** Three clocks beside one another: the wall clock, one that only counts while the machine is awake, one that counts on. */
export interface ClockWatch {
  /** Sleeps, and tells what the clocks say happened since the last time. */
  sleep(ms: number, signal: AbortSignal): Promise<Jump[]>
}

export function newClockWatch(host: Clocks): ClockWatch {
  let before = read(host)
  return {
    async sleep(ms, signal) {
      const startMs = host.steady()
      await host.sleep(ms, signal)
      const stalledMs = host.steady() - startMs - ms
      const after = read(host)
      const jumps = jumpsBetween(before, after, stalledMs)
      before = after
      return jumps
    },
  }
}

interface Reading {
  wallMs: number
  steadyMs: number
  bootMs: number | undefined
}

function read(host: Clocks): Reading {
  return { wallMs: host.now(), steadyMs: host.steady(), bootMs: host.sinceBoot() }
}

function jumpsBetween(before: Reading, after: Reading, stalledMs: number): Jump[] {
  const awakeMs = after.steadyMs - before.steadyMs
  // Where the machine does not tell how long it slept, that looks like a clock that was set.
  const passedMs = before.bootMs === undefined || after.bootMs === undefined ? awakeMs : after.bootMs - before.bootMs
  const asleepMs = passedMs - awakeMs
  const dueMs = before.wallMs + passedMs
  const stepMs = after.wallMs - dueMs
  const [from, to] = [toTime(before.wallMs), toTime(dueMs)]
  const jumps: Jump[] = []
  if (asleepMs >= least.asleepMs) jumps.push({ kind: 'asleep', from, to, ms: Math.round(asleepMs) })
  if (stalledMs >= least.stalledMs) jumps.push({ kind: 'stalled', from, to, ms: Math.round(stalledMs) })
  if (Math.abs(stepMs) >= least.stepMs)
    jumps.push({ kind: 'clock-step', before: to, after: toTime(after.wallMs), ms: Math.round(stepMs) })
  return jumps
}
