import type { Host } from '../../host.ts'
import { parseStat } from '../proc-stat.ts'

interface Process {
  pid: number
  starttime: number
  comm: string
}

/** Processes by the inode of a socket they hold. */
export type Owners = ReadonlyMap<string, Process[]>

/** Looks through the open files of all processes. One that has ended meanwhile holds nothing. */
export async function ownersOf(host: Host, signal: AbortSignal): Promise<Owners> {
  const owners = new Map<string, Process[]>()
  const pids = host.listNow('/proc').filter((name) => /^[1-9]\d*$/.test(name))
  for (const [i, pid] of pids.entries()) {
    if (signal.aborted) break
    const inodes = new Set(
      host.listNow(`/proc/${pid}/fd`).flatMap((fd) => inodeOf(host.linkNow(`/proc/${pid}/fd/${fd}`))),
    )
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

function inodeOf(link: string | undefined): string[] {
  return link?.startsWith('socket:[') ? [link.slice('socket:['.length, -1)] : []
}
