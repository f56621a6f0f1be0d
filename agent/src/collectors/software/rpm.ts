import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'

/** Where rpm has its database: on a machine without one, as Debian with the program of that name, nothing is asked. */
const databases = ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm']
const tags = ['NAME', 'EPOCHNUM', 'VERSION', 'RELEASE', 'ARCH', 'INSTALLTIME', 'VENDOR', 'SOURCERPM']
const limit = 16 * 1024 * 1024

/** Packages as `rpm -qa` lists them: the database is one of three formats, which rpm knows. */
export async function addRpmPackages(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const files = await Promise.all(databases.map((folder) => host.list(folder)))
  if (files.every((names) => names.length === 0)) return
  const format = `${tags.map((tag) => `%{${tag}}`).join('\\t')}\\n`
  const answer = await host.ask('rpm', ['-qa', '--queryformat', format], { limit, signal })
  if ('why' in answer) return table.add({ kind: 'not-looked', command: 'rpm' }, answer)
  for (const line of answer.toString().split('\n')) {
    const [name, epoch, version, release, architecture, seconds, vendor, source] = line.split('\t')
    if (name === undefined || release === undefined) continue
    table.add(
      { kind: 'package', manager: 'rpm', name, architecture, version: `${epoch}:${version}-${release}` },
      { installed: Number(seconds), vendor, source },
    )
  }
}
