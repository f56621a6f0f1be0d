import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { colonLines } from './colon-lines.ts'
import { passwordState } from './password.ts'

export interface Account {
  name: string
  home: string
}

/** Rows of passwd(5). Of the comment field only the full name is taken: the rest is rooms and telephone numbers. */
export async function addAccounts(host: Host, table: LastingTable): Promise<Account[]> {
  const accounts: Account[] = []
  for await (const fields of colonLines(host, table, { path: '/etc/passwd', fields: 7 })) {
    const [name = '', password = '', uid = '', gid = '', gecos = '', home = '', shell = ''] = fields
    const [fullName = ''] = gecos.split(',')
    table.add(
      { kind: 'account', name },
      { uid: numberIn(uid), gid: numberIn(gid), gecos: fullName, home, shell, ...passwordState(password) },
    )
    accounts.push({ name, home })
  }
  return accounts
}

/** As it stands where it is no number. */
export function numberIn(field: string): number | string {
  return /^\d{1,10}$/.test(field) ? Number(field) : field
}
