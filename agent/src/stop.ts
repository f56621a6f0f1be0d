import type { EndReason, Refusal } from '@tidewaiter/protocol'
import type { Host } from './host.ts'
import { runEnds } from './last-run.ts'
import type { OwnRecords } from './own-records.ts'
import type { Schedule } from './schedule.ts'
import type { UplinkOptions } from './uplink/uplink.ts'

/** Longest waits of an orderly stop: for the collectors, for the disk, for the console. */
const longest = { lettingGoMs: 3_000, sealingMs: 3_000, sendingMs: 5_000 }

type Stopping = Pick<UplinkOptions, 'host' | 'spool' | 'sealer' | 'link' | 'changed' | 'log'> & {
  schedule: Schedule
  own: OwnRecords
  /** Of this run. */
  run: string
  /** Why it ends, and what says more about it where it does so by itself. */
  cause: EndReason
  why?: Refusal<string>
}

/** What was read is sealed, and what is sealed is sent if the console takes it soon. */
export async function stopInOrder(stopping: Stopping): Promise<void> {
  const { host, spool, sealer, link, changed, log, schedule, own, run, cause, why } = stopping
  log.info({ cause, code: why?.code, says: why?.says }, 'stopping')
  link.farewell = cause
  await letGo(host, schedule)
  await limited(host, longest.sealingMs, async (signal) => {
    const remember = runEnds(host, run, cause)
    const more = why === undefined ? {} : { code: why.code, says: why.says }
    await own.note('agent:run', 'stopped', { cause, waiting: spool.usage().unacked, ...more }, { remember, signal })
    await sealer.seal({ withSilent: true, signal })
  })
  await limited(host, longest.sendingMs, async (signal) => {
    while (link.isConnected && spool.usage().unacked > 0 && !signal.aborted)
      await changed.wait(longest.sendingMs, signal)
  })
}

/** Waits until the collectors have let go; not for one that hangs. */
export function letGo(host: Host, schedule: Schedule): Promise<void> {
  return limited(host, longest.lettingGoMs, () => schedule.stop())
}

/** Gives up on `act` after `ms`; its signal aborts then. */
async function limited(host: Host, ms: number, act: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const end = new AbortController()
  const late = host.sleep(ms, end.signal).then(() => end.abort())
  await Promise.race([act(end.signal), late])
  end.abort()
}
