import { statfsSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Host } from './host.ts'
import { breathe, sleep, steady, timer } from './host-clock.ts'
import { has, newAsk, newRun } from './host-linux/commands.ts'
import { newFiles } from './host-linux/files.ts'
import { newFileHasher } from './host-linux/hash-file.ts'
import { newInventory } from './host-linux/inventory.ts'
import { newOwnUse } from './host-linux/own-use.ts'
import { isDeleted, linkNow, listNow, newPatientReader, ownerNow, readNow, textNow } from './host-linux/proc.ts'
import { noteInSystemLog } from './host-linux/system-log.ts'
import { newWatch } from './host-linux/watch.ts'

/**
 * The Linux machine this process runs on.
 * @param timeZone what TZ says, for the programs that are asked
 */
export function newLinuxHost({ timeZone }: { timeZone?: string | undefined } = {}): Host {
  return {
    platform: 'linux',
    name: hostname(),
    os: osName(),
    bootId: textAt('/proc/sys/kernel/random/boot_id').trim(),
    sinceBoot: sinceBootNow,
    zone: zoneName(timeZone),
    utcOffset: () => 0 - new Date().getTimezoneOffset(),
    now: () => Date.now(),
    steady,
    sleep,
    timer,
    ...newFiles({ steady, breathe }),
    readNow,
    textNow,
    ownerNow,
    linkNow,
    listNow,
    readHanging: newPatientReader(),
    hashFile: newFileHasher(),
    isDeleted,
    breathe,
    watch: newWatch,
    has,
    run: newRun(timeZone),
    ask: newAsk(timeZone),
    inventory: newInventory(timeZone),
    noteInSystemLog,
    space(path) {
      const { bavail, blocks, bsize } = statfsSync(path)
      return { free: bavail * bsize, total: blocks * bsize }
    },
    use: newOwnUse({ steady }),
  }
}

/**
 * IANA name of the zone: TZ where it is set, else what /etc/localtime links to or /etc/timezone says. Not asked of
 * `Intl`, whose tables cost an agent at rest 8 MB (measured), unless nothing else tells.
 */
function zoneName(timeZone: string | undefined): string {
  const named = timeZone?.replace(/^:/, '') || /zoneinfo\/(.+)$/.exec(linkNow('/etc/localtime') ?? '')?.[1]
  const name = named || textAt('/etc/timezone').trim()
  return /^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/.test(name) ? name : Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** proc_uptime(5): seconds, "including time spent in suspend", in hundredths. */
function sinceBootNow(): number | undefined {
  const seconds = Number.parseFloat(textAt('/proc/uptime'))
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : undefined
}

/** As /etc/os-release says; /usr/lib has it where /etc does not (os-release(5)). */
function osName(): string {
  const text = textAt('/etc/os-release') || textAt('/usr/lib/os-release')
  const line = text.split('\n').find((each) => each.startsWith('PRETTY_NAME='))
  return line?.slice('PRETTY_NAME='.length).replaceAll(/["']/g, '').trim() || 'Linux'
}

function textAt(path: string): string {
  return readNow(path)?.toString() ?? ''
}
