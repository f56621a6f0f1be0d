import type { Collector } from '../collector.ts'
import { lastingEvery } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { type Shape, tableOfScript } from '../script-rows.ts'

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
  platforms: ['win32'],
  ...lastingEvery,
  reads:
    'What protects a Windows host: state and definitions of Defender, which volumes BitLocker encrypts, where the time comes from, the audit policy, certificates of the machine with serial number and validity, shadow copies, and the last backup of Windows Server Backup.',
  needs: 'To run as the system.',
  cannotSee:
    'Other programs against malware, recovery keys and private keys (neither leaves the host), certificates of accounts, and backups by other programs.',
  provenOn: 'Nowhere on Windows yet: tested by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    const table = await tableOfScript(host, { script: 'protection', shapes }, signal)
    yield* handOver('protection', [table], { from, readAt })
  },
}
