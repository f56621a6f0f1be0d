import type { Event } from '../decoder.ts'
import { dataset, type Meaning } from './event.ts'
import { type Dict, isDict, textsIn } from './value.ts'

/** `/var/db/dslocal/nodes/Default/users/*.plist`: an account of the machine. Hashes of passwords stand in it and are not told. */
export const account: Meaning = (root, record) => {
  if (!isDict(root) || !['name', 'uid', 'generateduid', 'home'].every((key) => root.has(key))) return undefined
  const [name, id, full] = ['name', 'uid', 'realname'].map((key) => firstOf(root, key))
  const event: Event = {
    event: { kind: 'state', dataset, category: ['iam'], type: ['user', 'info'], action: 'account-found' },
    message: `account ${name ?? ''} (${id ?? ''})`,
    user: {
      ...(name !== undefined && { name }),
      ...(id !== undefined && { id }),
      ...(full !== undefined && { full_name: full }),
    },
    tidewaiter: {
      record: record.id,
      account: {
        home: firstOf(root, 'home'),
        shell: firstOf(root, 'shell'),
        group_id: firstOf(root, 'gid'),
        uuid: firstOf(root, 'generateduid'),
        has_password: root.has('ShadowHashData'),
      },
    },
  }
  return [event]
}

/** Each value is a list of one. */
function firstOf(root: Dict, key: string): string | undefined {
  return textsIn(root.get(key))[0]
}
