/**
 * The investigative resource of CBP Pub. 3526-0124, Section 2, that a source belongs to, by its collector (the part of
 * its id before the colon).
 */
const resources: Record<string, string> = {
  'log-file': 'System logs',
  journal: 'System logs',
  login: 'System logs',
  'event-log': 'System logs',
  audit: 'System logs',
  database: 'System logs',
  'macos-unified-log': 'System logs',
  inventory: 'Operating system files',
  account: 'Operating system files',
  autorun: 'Operating system files',
  suid: 'Operating system files',
  'network-setting': 'Operating system files',
  'file-integrity': 'Operating system files',
  protection: 'Operating system files',
  certificate: 'Operating system files',
  kernel: 'Memory information',
  software: 'Operating system files',
  memory: 'Memory information',
  process: 'Memory information',
  socket: 'Network traffic captures',
  interface: 'Network traffic captures',
  capture: 'Network traffic captures',
  agent: 'What the agent did',
}

export function resourceOf(source: string): string {
  return resources[source.split(':')[0] ?? ''] ?? 'Other'
}
