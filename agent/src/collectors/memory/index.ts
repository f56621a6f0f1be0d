import { snapshotMs } from '@tidewaiter/protocol'
import type { Host } from '../../host.ts'
import type { Collector } from '../collector.ts'
import { newLastingTable } from '../lasting-table.ts'
import { isLocal, readMounts } from '../mounts.ts'
import { handOver } from '../pass.ts'
import { parseStat } from '../proc-stat.ts'
import { deviceOf, executableMappings, kindOf, type Mapping, mapFileOf } from './maps.ts'
import { type Found, newTold, type Owner } from './told.ts'
import { totals } from './totals.ts'

/** As many mappings as a kernel lets a process have unless it is told otherwise (65,530), at the usual length of a line. */
const mapsBytes = 8 * 1024 * 1024
/** After so long the rest is left to the next pass. */
const readingMs = 60_000

export const memory: Collector = {
  id: 'memory',
  resource: 'Memory information',
  platforms: ['linux'],
  every: snapshotMs.memory,
  fullEvery: 24 * 60 * 60_000,
  reads:
    'What the machine has of memory and swap, and of every process the mappings in /proc/<pid>/maps that may be executed and are no plain program file: writable ones, pages without a file, files that were deleted or never had a name (memfd), files in /tmp, /var/tmp and /dev/shm, and files that every account may write to. Rows are the lines of the kernel, those of programs that compile at run time (Java, Node) as well.',
  needs: 'Run the agent as root (or with CAP_SYS_PTRACE, and CAP_CHECKPOINT_RESTORE for the files behind mappings).',
  cannotSee:
    'Mappings that came and went within an hour, pages that were written while they could not be executed and may be executed now but lie in a file of the disk, memfd that is only read and written, what a kernel rootkit hides from /proc, permissions of files on network volumes, more than 32 mappings of one sort in one process (the others are counted), and mappings beyond the first 8 MiB of their list.',
  provenOn: 'Debian 12, live at every change.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    const table = newLastingTable('/proc/<pid>/maps')
    const told = newTold(table)
    const behind = newBehind(host)
    const untilMs = host.steady() + readingMs
    for (const pid of host.listNow('/proc').filter((name) => /^[1-9]\d*$/.test(name))) {
      if (signal.aborted) return
      const seen = ownerOf(host, pid)
      if (seen === undefined) continue
      const maps = host.steady() < untilMs ? await host.readHanging(`/proc/${pid}/maps`, mapsBytes) : late
      const found = suspects(pid, maps, behind)
      // What has ended meanwhile has nothing to show, and another process may have its number.
      if (ownerOf(host, pid)?.starttime !== seen.starttime) continue
      for (const each of found) told.add(seen, each)
      const why = whyNotWhole(maps)
      if (why !== undefined) told.notRead(pid, why)
    }
    told.sayLeftOut()
    yield* handOver('memory', [...totals(host), table], { from, readAt })
  },
}

const late = { why: 'not asked: those before it took too long' }

function suspects(pid: string, maps: Buffer | { why: string } | undefined, behind: Behind): Found[] {
  const found: Found[] = []
  if (!Buffer.isBuffer(maps)) return found
  for (const mapping of executableMappings(maps)) {
    const file = behind(pid, mapping)
    const kind = kindOf(mapping, file?.mode)
    const { line } = mapping
    if (kind !== undefined) found.push({ kind, line, row: file === undefined ? {} : rowOf(file) })
  }
  return found
}

function whyNotWhole(maps: Buffer | { why: string } | undefined): string | undefined {
  if (maps === undefined) return 'not permitted'
  if ('why' in maps) return maps.why
  return maps.length < mapsBytes ? undefined : `of its list the first ${mapsBytes} bytes are looked at`
}

function rowOf({ mode, uid, links }: NonNullable<ReturnType<Behind>>): object {
  return { fileMode: mode.toString(8).padStart(4, '0'), fileUid: uid, fileLinks: links }
}

function ownerOf(host: Host, pid: string): Owner | undefined {
  const stat = parseStat(host.readNow(`/proc/${pid}/stat`))
  const owner = host.ownerNow(`/proc/${pid}`)
  if (stat === undefined || owner === undefined) return undefined
  const { comm, starttime } = stat
  return { pid: Number(pid), starttime, comm, uid: owner.uid, exe: host.linkNow(`/proc/${pid}/exe`) }
}

type Behind = (pid: string, mapping: Mapping) => ReturnType<Host['behindNow']>

/** Files behind mappings, each looked at once in a pass. */
function newBehind(host: Host): Behind {
  // One on a volume of the network may hang.
  const near = new Set(readMounts(host).flatMap((mount) => (isLocal(mount) ? [mount.device] : [])))
  const seen = new Map<string, ReturnType<Host['behindNow']>>()
  return (pid, mapping) => {
    if (!mapping.path.startsWith('/') || !near.has(deviceOf(mapping))) return undefined
    const key = `${mapping.device} ${mapping.inode}`
    const known = seen.get(key)
    if (known !== undefined) return known
    const found = host.behindNow(`/proc/${pid}/map_files/${mapFileOf(mapping)}`)
    if (found !== undefined) seen.set(key, found)
    return found
  }
}
