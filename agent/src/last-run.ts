import { EndReason, Time } from '@tidewaiter/protocol'
import { type Static, Type } from 'typebox'
import type { DataFolder } from './data-folder.ts'
import type { Host } from './host.ts'
import type { Spool } from './spool/spool.ts'
import { readStatus } from './status.ts'
import { toTime } from './time.ts'

/** What a run leaves in the spool, with the batch that its `started` and later its `stopped` is in. */
const Run = Type.Object({
  /** Tells one run from another where process ids begin again with every container. */
  id: Type.String(),
  bootId: Type.String(),
  /** Processes the kernel had ended for want of memory since the boot; null where it does not tell. */
  outOfMemory: Type.Union([Type.Integer(), Type.Null()]),
  ended: Type.Union([Type.Object({ cause: EndReason, at: Time }), Type.Null()]),
})
type Run = Static<typeof Run>

const name = 'run'

/**
 * How the run before this one ended. `killed`: it left no word, and the machine has not booted since (SIGKILL, a crash,
 * want of memory). `host-down`: it left none, and the machine has. `began-anew`: this very process gave it up.
 */
export interface Before {
  ended: EndReason | 'killed' | 'host-down' | 'began-anew'
  /** The last that is known of it, host clock: its end where it told it, else when it last left its status. */
  at: string | null
  /** When the machine booted, where it did in between. */
  bootedAt?: string
  /** Processes of this machine that the kernel has ended for want of memory since that run began. */
  outOfMemory?: number
}

interface Around {
  host: Host
  folder: DataFolder
  spool: Pick<Spool, 'recall'>
  /** Of this run. */
  id: string
}

/** Null where nothing is known of a run before: it is the first, or its spool was set aside. */
export function lastRun({ host, folder, spool, id }: Around): Before | null {
  const run = spool.recall(name, Run)
  if (run === undefined) return null
  if (run.ended !== null) return { ended: run.ended.cause, at: run.ended.at, ...bootOf(run, host) }
  const at = readStatus(folder)?.at ?? null
  if (run.id === id) return { ended: 'began-anew', at }
  if (run.bootId !== host.bootId) return { ended: 'host-down', at, ...bootOf(run, host) }
  const outOfMemory = (outOfMemoryOf(host) ?? 0) - (run.outOfMemory ?? 0)
  return { ended: 'killed', at, ...(outOfMemory > 0 && { outOfMemory }) }
}

/** To be remembered with the record that the run began. */
export function runBegins(host: Host, id: string): Record<string, Run> {
  return { [name]: { id, bootId: host.bootId, outOfMemory: outOfMemoryOf(host) ?? null, ended: null } }
}

/** To be remembered with the record that it ended in order. */
export function runEnds(host: Host, id: string, cause: EndReason): Record<string, Run> {
  const ended = { cause, at: toTime(host.now()) }
  return { [name]: { id, bootId: host.bootId, outOfMemory: null, ended } }
}

function bootOf({ bootId }: Run, host: Host): { bootedAt?: string } {
  const sinceMs = host.sinceBoot()
  return bootId === host.bootId || sinceMs === undefined ? {} : { bootedAt: toTime(host.now() - sinceMs) }
}

/** `oom_kill` of /proc/vmstat, since Linux 4.13. */
function outOfMemoryOf(host: Host): number | undefined {
  const [, count] = /^oom_kill (\d{1,15})$/m.exec(host.readNow('/proc/vmstat')?.toString() ?? '') ?? []
  return count === undefined ? undefined : Number(count)
}
