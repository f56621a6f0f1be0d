import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { toNanoTime } from '../system-file.ts'

/** Where programs of backups leave a trace when they run: a log, a cache, a catalogue. */
const traces: Readonly<Record<string, readonly string[]>> = {
  restic: ['/root/.cache/restic'],
  borg: ['/root/.config/borg/security', '/root/.cache/borg', '/var/log/borgmatic'],
  rsnapshot: ['/var/log/rsnapshot.log', '/var/log/rsnapshot'],
  bacula: ['/var/log/bacula', '/var/lib/bacula'],
  bareos: ['/var/log/bareos', '/var/lib/bareos'],
  veeam: ['/var/log/veeam/Backup'],
  duplicity: ['/root/.cache/duplicity'],
  'rdiff-backup': [],
  kopia: ['/root/.cache/kopia'],
  'proxmox-backup-client': [],
}
const mostNames = 500

/** Which programs of backups are installed, and when each left its last trace. */
export async function addBackups(host: Host, table: LastingTable): Promise<void> {
  for (const [program, paths] of Object.entries(traces)) {
    if (host.has(program)) table.add({ kind: 'backup-program', program })
    for (const path of paths) {
      const newest = await newestIn(host, path)
      if (newest !== undefined) table.add({ kind: 'backup-trace', program, path }, { newest: toNanoTime(newest) })
    }
  }
}

/** When a file, or what lies in a folder, was last modified. */
async function newestIn(host: Host, path: string): Promise<bigint | undefined> {
  const facts = await host.facts(path)
  if (facts === undefined) return undefined
  let newest = facts.modifiedNs
  const names = facts.kind === 'folder' ? await host.list(path) : []
  for (const name of names.slice(0, mostNames)) {
    const modified = (await host.facts(`${path}/${name}`))?.modifiedNs ?? newest
    if (modified > newest) newest = modified
  }
  return newest
}
