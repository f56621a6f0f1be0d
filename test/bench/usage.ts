import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** CPU seconds and peak resident memory (MiB) of a process so far; its children that ended count as its own. */
export function usageOf(pid: number): { cpu: number; rss: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name may hold spaces: fields are counted behind its closing bracket.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
  const peak = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  return { cpu: (user + system + childUser + childSystem) / ticksPerSecond, rss: Number(peak ?? 0) / 1024 }
}

/** Processes whose parent is `pid`. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid)
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

/** Memory of a process now, MB of 10^6 bytes. */
export function memoryOf(pid: number): { resident: number; anonymous: number; file: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const part = (name: string) => (Number(new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024) / 1e6
  return { resident: part('VmRSS'), anonymous: part('RssAnon'), file: part('RssFile') }
}
