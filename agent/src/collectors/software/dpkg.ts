import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { toNanoTime } from '../system-file.ts'
import { stanzas } from './stanzas.ts'

const folder = '/var/lib/dpkg'

/** Packages of /var/lib/dpkg/status. The list of a package's files is written anew when it is installed or upgraded. */
export async function addDpkgPackages(host: Host, table: LastingTable): Promise<void> {
  for await (const stanza of stanzas(host, table, `${folder}/status`)) {
    const [name, architecture] = [field(stanza, 'Package'), field(stanza, 'Architecture')]
    if (name === undefined) continue
    const source = field(stanza, 'Source')
    const list =
      (await host.facts(`${folder}/info/${name}.list`)) ??
      (await host.facts(`${folder}/info/${name}:${architecture}.list`))
    table.add(
      { kind: 'package', manager: 'dpkg', name, architecture },
      {
        version: field(stanza, 'Version'),
        status: field(stanza, 'Status'),
        ...(source !== undefined && { source }),
        ...(list !== undefined && { installed: toNanoTime(list.modifiedNs) }),
      },
    )
  }
}

function field(stanza: string, name: string): string | undefined {
  const start = stanza.startsWith(`${name}: `) ? 0 : stanza.indexOf(`\n${name}: `) + 1
  if (start === 0 && !stanza.startsWith(`${name}: `)) return undefined
  const end = stanza.indexOf('\n', start)
  return stanza.slice(start + name.length + 2, end < 0 ? undefined : end).slice(0, 1_000)
}
