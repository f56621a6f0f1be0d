import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { numberIn } from './accounts.ts'
import { colonLines } from './colon-lines.ts'

/** Rows of group(5). */
export async function addGroups(host: Host, table: LastingTable): Promise<void> {
  for await (const fields of colonLines(host, table, { path: '/etc/group', fields: 4 })) {
    const [name = '', , gid = '', members = ''] = fields
    table.add(
      { kind: 'group', name },
      { gid: numberIn(gid), members: members.split(',').filter((each) => each !== '') },
    )
  }
}
