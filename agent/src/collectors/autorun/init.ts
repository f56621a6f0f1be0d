import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { seeFile } from '../system-file.ts'
import { pathsIn } from './folder.ts'

const levels = ['S', '0', '1', '2', '3', '4', '5', '6']

/** Scripts of /etc/init.d with the links that start them: `S` in the folder of a run level. */
export async function addInitScripts(host: Host, table: LastingTable): Promise<void> {
  const startedBy = new Map<string, string[]>()
  for (const level of levels)
    for await (const path of pathsIn(host, table, `/etc/rc${level}.d`)) {
      const [, link, name] = /\/(rc.\.d\/S\d\d(.+))$/.exec(path) ?? []
      if (link !== undefined && name !== undefined) startedBy.set(name, [...(startedBy.get(name) ?? []), link])
    }
  for await (const path of pathsIn(host, table, '/etc/init.d')) {
    const file = await seeFile(host, path)
    const name = path.slice('/etc/init.d/'.length)
    if (file !== undefined) table.add({ kind: 'init', path }, { ...file.about, enabledBy: startedBy.get(name) ?? [] })
  }
}
