import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'

/** Whether SELinux and AppArmor do what they are there for; that they are loaded is told with the kernel. */
export function addAccessControl(host: Host, table: LastingTable): void {
  const enforce = host.readNow('/sys/fs/selinux/enforce')?.toString().trim()
  const configured = /^SELINUX=(\w{1,40})/m.exec(host.readNow('/etc/selinux/config')?.toString() ?? '')?.[1]
  if (enforce !== undefined || configured !== undefined)
    table.add({ kind: 'access-control', name: 'selinux' }, { enforce, configured })
  const profiles = host.readNow('/sys/kernel/security/apparmor/profiles')?.toString()
  if (profiles !== undefined) table.add({ kind: 'access-control', name: 'apparmor' }, { profiles: modesOf(profiles) })
}

/** `/usr/sbin/cupsd (enforce)`: how many are in each mode. */
function modesOf(profiles: string): Record<string, number> {
  const modes = new Map<string, number>()
  for (const [, mode = ''] of profiles.matchAll(/\((enforce|complain|kill|unconfined|prompt|mixed)\)$/gm))
    modes.set(mode, (modes.get(mode) ?? 0) + 1)
  return Object.fromEntries(modes)
}
