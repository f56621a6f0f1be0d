import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { seeFile } from '../system-file.ts'

const kinds: Readonly<Record<string, readonly string[]>> = {
  resolver: [
    '/etc/resolv.conf',
    '/run/systemd/resolve/resolv.conf',
    '/etc/nsswitch.conf',
    '/etc/systemd/resolved.conf',
  ],
  'host-name': ['/etc/hosts'],
  'access-rule': ['/etc/hosts.allow', '/etc/hosts.deny'],
}
const dropIns = ['/etc/systemd/resolved.conf.d', '/run/systemd/resolved.conf.d']
/** Lists against advertisements have a hundred thousand lines: of those the digest of the file tells. */
const most = { bytes: 1024 * 1024, lines: 5_000, characters: 2_000, dropIns: 100 }

/** Lines that say something, and a row of each file. */
export async function addResolver(host: Host, table: LastingTable): Promise<void> {
  for (const [kind, paths] of Object.entries(kinds))
    for (const path of paths) await addFile(host, table, { kind, path })
  for (const folder of dropIns)
    for (const name of (await host.list(folder)).sort().slice(0, most.dropIns))
      await addFile(host, table, { kind: 'resolver', path: `${folder}/${name}` })
}

async function addFile(host: Host, table: LastingTable, { kind, path }: { kind: string; path: string }): Promise<void> {
  const file = await seeFile(host, path, { most: most.bytes })
  if (file === undefined) return
  const lines = file.text
    .split('\n')
    .map((text, at) => ({ text: text.trim(), line: at + 1 }))
    .filter(({ text }) => /^[^#;]/.test(text))
  const isCut = file.isCut || lines.length > most.lines
  table.add({ kind: 'file', path }, { ...file.about, ...(isCut && { cut: true }) })
  for (const { text, line } of lines.slice(0, most.lines))
    table.add({ kind, path, text: text.slice(0, most.characters) }, {}, { line })
  await host.breathe()
}
