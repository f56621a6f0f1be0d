import type { Decoder } from '../decoder.ts'
import { countIn, defined, type Row, textIn } from '../row.ts'
import { type Said, systemDecoder } from '../system-row.ts'
import { parseMapping } from './mapping.ts'

/** Rows of the agent's looks at memory: what the machine has of it, and mappings that may be executed and are no plain program file. */
export const memory: Decoder = systemDecoder({
  id: 'memory',
  title: 'Memory of a Linux host, and executable mappings of its processes',
  kinds: {
    mapping: { category: 'process', say: sayMapping },
    meminfo: { category: 'host', say: sayTotals },
    vmstat: { category: 'host', say: sayCounters },
    swap: { category: 'host', say: saySwap },
  },
})

function sayMapping(row: Row): Said | undefined {
  const [pid, ticks, line, exe] = [
    countIn(row, 'pid'),
    countIn(row, 'starttime'),
    textIn(row, 'line'),
    textIn(row, 'exe'),
  ]
  const mapping = line === undefined ? undefined : parseMapping(line, row)
  if (pid === undefined || mapping === undefined) return undefined
  const [name, uid] = [textIn(row, 'comm'), countIn(row, 'uid')]
  const { anomalies, file, ...place } = mapping
  return {
    message: `${pid} ${name ?? exe ?? ''}: ${anomalies.join(', ')}${file === undefined ? '' : `: ${file.path}`}`,
    fields: {
      process: defined({
        ...{ pid, name, entity_id: ticks === undefined ? undefined : `${pid}.${ticks}` },
        executable: exe,
      }),
      ...(uid !== undefined && { user: { id: `${uid}` } }),
      ...(file !== undefined && { file }),
    },
    more: { anomalies, mapping: place },
  }
}

const wanted = {
  total: 'MemTotal',
  free: 'MemFree',
  available: 'MemAvailable',
  shared: 'Shmem',
  swap_total: 'SwapTotal',
  swap_free: 'SwapFree',
} as const

function sayTotals(row: Row): Said | undefined {
  const entries = Object.entries(wanted).flatMap(([name, from]) => {
    const bytes = bytesIn(row, from)
    return bytes === undefined ? [] : [[name, bytes] as const]
  })
  const bytes = Object.fromEntries(entries)
  if (bytes.total === undefined) return undefined
  const free = bytes.available === undefined ? '' : `, ${bytes.available} available`
  return { message: `memory: ${bytes.total} bytes${free}`, more: { memory_bytes: bytes } }
}

/** The kernel writes kB and means 1,024 bytes (proc_meminfo(5)). */
function bytesIn(row: Row, name: string): number | undefined {
  const [, kB] = /^(\d{1,12})(?: kB)?$/.exec(textIn(row, name) ?? '') ?? []
  return kB === undefined ? undefined : Number(kB) * 1024
}

function sayCounters(row: Row): Said | undefined {
  const counts = Object.fromEntries(
    ['pgfault', 'pgmajfault', 'pswpin', 'pswpout', 'oom_kill'].flatMap((name) => {
      const count = Number(textIn(row, name) ?? 'none')
      return Number.isSafeInteger(count) ? [[name, count]] : []
    }),
  )
  if (Object.keys(counts).length === 0) return undefined
  const killed = counts.oom_kill === undefined ? '' : `, ${counts.oom_kill} programs killed for want of memory`
  return { message: `pages${killed}`, more: { since_boot: counts } }
}

function saySwap(row: Row): Said | undefined {
  const path = textIn(row, 'Filename')
  if (path === undefined) return undefined
  const more = defined({ type: textIn(row, 'Type'), size: bytesIn(row, 'Size'), used: bytesIn(row, 'Used') }) ?? {}
  return { message: `swap on ${path}`, fields: { file: { path } }, more: { swap: more } }
}
