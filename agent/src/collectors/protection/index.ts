import type { Collector } from '../collector.ts'
import { lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { type Shape, tableOfScript } from '../script-rows.ts'
import { addAccessControl } from './access-control.ts'
import { addBackups } from './backups.ts'
import { addClock } from './clock.ts'
import { addDefinitions } from './definitions.ts'
import { addEncryption } from './encryption.ts'
import { addCertificates, addProtection } from './macos.ts'
import { addServices } from './services.ts'

/** Rows of Windows. */
const shapes: Readonly<Record<string, Shape>> = {
  antivirus: { named: ['Name'] },
  'volume-encryption': { named: ['Name'] },
  'time-source': { named: ['Name'] },
  'audit-policy': { named: ['SubcategoryGuid', 'PolicyTarget'] },
  certificate: { named: ['Store', 'Thumbprint'] },
  'shadow-copy': { named: ['Name'] },
  backup: { named: ['Name'] },
}

export const protection: Collector = {
  id: 'protection',
  resource: 'Operating System files',
  platforms: ['linux', 'win32', 'darwin'],
  ...lastingEvery,
  reads:
    'What guards a host: the devices its volumes and its swap lie on, and whether one of them encrypts; units of virus scanners, EDR agents, firewalls, audit and backups as systemd tells them; how old the definitions of ClamAV are, and what clamdscan and mdatp say; modes of SELinux and AppArmor; the clock that chrony, systemd or ntpd follows; installed programs of backups, and their last traces. On Windows state and definitions of Defender, which volumes BitLocker encrypts, where the time comes from, the audit policy, certificates of the machine with serial number and validity, shadow copies, and the last backup of Windows Server Backup. On macOS FileVault, Gatekeeper, System Integrity Protection, versions of XProtect and MRT, where the time comes from, whether remote login is on, management, where Time Machine backs up to and its latest backup, and certificates of the system keychain with serial number and validity.',
  needs:
    'Run the agent as root, on a system with systemd for units of services; on Windows as the system; on macOS as root, with full disk access for Time Machine.',
  cannotSee:
    'Whether a guard that runs does its work, guards and backups under a unit of another name, encryption by the disk itself, by the hypervisor, by ZFS or file by file, backups that another machine draws, and what was changed and changed back between two passes (6 h). On Windows other programs against malware, certificates of accounts, and backups by other programs; recovery keys and private keys never leave the host.',
  provenOn:
    'Volumes live on Debian 12, in a virtual machine without encryption; LUKS, systemd, ClamAV, mdatp, chrony, ntpd, SELinux, AppArmor, backups, Windows and macOS by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    if (host.platform === 'win32') {
      const table = await tableOfScript(host, { script: 'protection', shapes }, signal)
      return yield* handOver('protection', [table], { from, readAt })
    }
    if (host.platform === 'darwin') {
      const [states, certificates] = [newLastingTable('commands'), newLastingTable('security find-certificate')]
      await addProtection(host, states, signal)
      await addCertificates(host, certificates, signal)
      return yield* handOver('protection', [states, certificates], { from, readAt })
    }
    const volumes = newLastingTable('volumes')
    const services = newLastingTable('systemctl show')
    const [scanners, clocks, backups] = [
      newLastingTable('scanners'),
      newLastingTable('clocks'),
      newLastingTable('files'),
    ]
    await addEncryption(host, volumes)
    await addServices(host, services, signal)
    await addDefinitions(host, scanners, signal)
    await addClock(host, clocks, signal)
    await addBackups(host, backups)
    addAccessControl(host, backups)
    yield* handOver('protection', [volumes, services, scanners, clocks, backups], { from, readAt })
  },
}
