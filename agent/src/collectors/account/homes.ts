import type { Host } from '../../host.ts'
import { isLocal, readMounts } from '../mounts.ts'

/** What the kernel makes up itself is never slow: homes of some accounts of the system are there. */
const ofTheKernel = ['devtmpfs', 'proc', 'sysfs']

/** Whether a folder lies behind a mount that is none of this machine's: looking there may mount it, or never end. */
export function mountedElsewhere(host: Host): (folder: string) => boolean {
  const elsewhere = readMounts(host).filter((mount) => !isLocal(mount) && !ofTheKernel.includes(mount.type))
  return (folder) => elsewhere.some(({ at }) => folder === at || folder.startsWith(`${at}/`))
}
