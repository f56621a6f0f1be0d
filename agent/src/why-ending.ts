import type { EndReason } from '@tidewaiter/protocol'
import type { DataFolder } from './data-folder.ts'
import type { Host } from './host.ts'
import { isBeingRemoved } from './removal.ts'
import { askUnit, isSystemStopping } from './service.ts'

/** Why this process was told to end, as far as the machine shows it at that moment. Takes two seconds at most. */
export async function whyEnding(host: Host, folder: Pick<DataFolder, 'has'>): Promise<EndReason> {
  if (isBeingRemoved(folder)) return 'uninstalled'
  const [isStopping, unit] = await Promise.all([isSystemStopping(host), askUnit(host, ['ActiveState', 'MainPID'])])
  if (isStopping || isHalting(host.readNow('/run/utmp'))) return 'host-stopping'
  // One that was started by hand beside its unit is not stopped by it.
  const isOwn = unit?.MainPID === String(process.pid)
  return isOwn && unit.ActiveState === 'deactivating' ? 'service-stopped' : 'stopped'
}

/** utmp(5): records of 384 bytes, type in the first two, process id from byte 4. */
const utmp = { bytes: 384, type: 0, pid: 4, runLevel: 1 }

/** True when the newest runlevel is 0 (halt) or 6 (reboot): written by every init system that keeps utmp. */
function isHalting(bytes: Buffer | undefined): boolean {
  let level = 0
  for (let at = 0; bytes !== undefined && at + utmp.bytes <= bytes.length; at += utmp.bytes)
    // The low byte of the process id is the runlevel, as a letter.
    if (bytes.readInt16LE(at + utmp.type) === utmp.runLevel) level = bytes.readInt32LE(at + utmp.pid) & 0xff
  return level === '0'.charCodeAt(0) || level === '6'.charCodeAt(0)
}
