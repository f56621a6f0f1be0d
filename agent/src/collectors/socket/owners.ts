import type { Host } from '../../host.ts'
import { parseStat } from '../proc-stat.ts'

interface Process {
  pid: number
  starttime: number
  comm: string
}

/** Processes by the inode of a socket they hold. */
export type Owners = ReadonlyMap<string, Process[]>

/** Looks for these sockets through the open files of all processes. One that has ended meanwhile holds nothing. */
export async function ownersOf(host: Host, wanted: ReadonlySet<string>, signal: AbortSignal): Promise<Owners> {
  const owners = new Map<string, Process[]>()
  const pids = host.listNow('/proc').filter((name) => /^[1-9]\d*$/.test(name))
  for (const [i, pid] of pids.entries()) {
    if (signal.aborted) break
    const inodes = socketsOf(host, pid, wanted)
    const stat = inodes.size > 0 ? parseStat(host.readNow(`/proc/${pid}/stat`)) : undefined
    if (stat !== undefined)
      for (const inode of inodes) {
        const process = { pid: Number(pid), starttime: stat.starttime, comm: stat.comm }
        owners.set(inode, [...(owners.get(inode) ?? []), process])
      }
    if (i % 8 === 0) await host.breathe()
  }
  return owners
}

const beginning = 'socket:['

function socketsOf(host: Host, pid: string, wanted: ReadonlySet<string>): Set<string> {
  const inodes = new Set<string>()
  for (const fd of host.listNow(`/proc/${pid}/fd`)) {
    const link = host.linkNow(`/proc/${pid}/fd/${fd}`)
    if (link?.startsWith(beginning) !== true) continue
    const inode = link.slice(beginning.length, -1)
    if (wanted.has(inode)) inodes.add(inode)
  }
  return inodes
}
