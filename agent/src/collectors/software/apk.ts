import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { stanzas } from './stanzas.ts'

/** The second from Alpine 3.23 on. */
const databases = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']

/** Packages of apk (apk-package(5)): a letter and a colon before each value; `t` is when it was built. */
export async function addApkPackages(host: Host, table: LastingTable): Promise<void> {
  for (const path of databases) {
    // A link from one to the other is followed by neither.
    for await (const stanza of stanzas(host, table, path)) {
      const values = new Map(stanza.split('\n', 100).map((line) => [line.slice(0, 2), line.slice(2, 1_000)]))
      const [name, architecture, source, built] = ['P:', 'A:', 'o:', 't:'].map((key) => values.get(key))
      if (name === undefined) continue
      table.add(
        { kind: 'package', manager: 'apk', name, architecture },
        { version: values.get('V:'), ...(source !== undefined && { source }), ...(built !== undefined && { built }) },
      )
    }
    if (table.rows.size > 0) return
  }
}
