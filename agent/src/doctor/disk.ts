import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { spoolBytesOf } from '../caps.ts'
import { isAgentRefusal } from '../error.ts'
import { spareOn } from '../spool/volume.ts'
import type { Note } from '../status.ts'
import type { Examined, Finding } from './finding.ts'

const name = 'disk'
/** What the newest batches need in any case. */
const leastBytes = 100_000_000

/** Room for the spool to fill its budget while the console is away. */
export function diskFinding(note: Note | undefined, { host, path, readConfig }: Examined): Finding {
  const space = host.space(existing(path))
  const { free } = space
  const wanted = Math.max(budgetOf(readConfig) - (note?.status.spool.bytes ?? 0), 0)
  const says = `${inMegabytes(free)} free; the spool may still take ${inMegabytes(wanted)}`
  const fix = 'Free space on this volume, or lower caps.spoolMb in the configuration.'
  if (free < leastBytes) return { name, ok: false, says, fix }
  const spare = Math.max(spareOn(space), 0)
  if (spare >= wanted) return { name, ok: true, says }
  return { name, ok: true, says: `${says}, and leaves to others all but ${inMegabytes(spare)}`, fix }
}

/** A configuration that cannot be read has a finding of its own. */
function budgetOf(readConfig: Examined['readConfig']): number {
  try {
    return spoolBytesOf(readConfig())
  } catch (cause) {
    if (isAgentRefusal(cause)) return spoolBytesOf({})
    throw cause
  }
}

function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path))
}

function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000).toLocaleString('en-US')} MB`
}
