import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { numberIn } from './accounts.ts'
import { colonLines } from './colon-lines.ts'
import { passwordState } from './password.ts'

const ages = ['lstchg', 'min', 'max', 'warn', 'inact', 'expire'] as const

/** Rows of shadow(5): days, those of `lstchg` and `expire` since 1970, under the names of getspnam(3). */
export async function addPasswords(host: Host, table: LastingTable): Promise<void> {
  for await (const fields of colonLines(host, table, { path: '/etc/shadow', fields: 8, hashed: false })) {
    const [name = '', password = '', ...days] = fields
    const known = ages.flatMap((age, at) => {
      const day = numberIn(days[at] ?? '')
      return typeof day === 'number' ? [[age, day]] : []
    })
    table.add({ kind: 'password', name }, { ...passwordState(password), ...Object.fromEntries(known) })
  }
}
