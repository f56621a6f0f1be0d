import type { Collector } from '../collector.ts'
import { lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { addCertificates, addProtection } from './macos.ts'

export const protection: Collector = {
  id: 'protection',
  resource: 'Operating System files',
  platforms: ['darwin'],
  ...lastingEvery,
  reads:
    'What protects a Mac: FileVault, Gatekeeper, System Integrity Protection, versions of XProtect and MRT, where the time comes from, whether remote login is on, management, where Time Machine backs up to and its latest backup; certificates of the system keychain with serial number and validity.',
  needs: 'Root for FileVault, time and remote login; full disk access for Time Machine.',
  cannotSee:
    'Other programs against malware, recovery keys and private keys (neither leaves the host), certificates of accounts, and backups by other programs.',
  provenOn: 'Nowhere on macOS yet: tested by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    const [states, certificates] = [newLastingTable('commands'), newLastingTable('security find-certificate')]
    await addProtection(host, states, signal)
    await addCertificates(host, certificates, signal)
    yield* handOver('protection', [states, certificates], { from, readAt })
  },
}
