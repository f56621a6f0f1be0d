import type { Host } from '../../host.ts'
import { type LastingTable, newLastingTable } from '../lasting-table.ts'

/** Of /proc/vmstat, what tells of memory that ran short: pages in and out of swap, and programs that were killed for it. */
const counters = new Set(['pgfault', 'pgmajfault', 'pswpin', 'pswpout', 'oom_kill'])

/** What the machine has of memory and swap, as the kernel writes it: in kB where it says so (proc_meminfo(5)). */
export function totals(host: Host): LastingTable[] {
  const memory = newLastingTable('/proc/meminfo')
  const lines = linesOf(host, '/proc/meminfo').map((line) => /^([\w()]+): +(\d+(?: kB)?)$/.exec(line))
  if (lines.length > 0) memory.add({ kind: 'meminfo' }, fieldsOf(lines))
  const pages = newLastingTable('/proc/vmstat')
  const counts = linesOf(host, '/proc/vmstat').map((line) => /^(\w+) (\d+)$/.exec(line))
  const told = counts.filter((each) => counters.has(each?.[1] ?? ''))
  if (told.length > 0) pages.add({ kind: 'vmstat' }, fieldsOf(told))
  const swaps = newLastingTable('/proc/swaps')
  for (const line of linesOf(host, '/proc/swaps').slice(1)) {
    const [Filename, Type, Size, Used, Priority] = line.split(/\s+/)
    if (Filename !== undefined && Size !== undefined)
      swaps.add({ kind: 'swap', Filename }, { Type, Size, Used, Priority })
  }
  return [memory, pages, swaps]
}

function linesOf(host: Host, path: string): string[] {
  return (host.textNow(path) ?? '').split('\n').filter((line) => line !== '')
}

function fieldsOf(lines: readonly (RegExpExecArray | null)[]): object {
  return Object.fromEntries(lines.flatMap((line) => (line === null ? [] : [[line[1], line[2]]])))
}
