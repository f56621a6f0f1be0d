import type { Host } from '../../host.ts'
import { linesFrom } from '../answer.ts'
import type { LastingTable } from '../lasting-table.ts'
import type { Account } from './accounts.ts'
import { numberIn } from './accounts.ts'
import { type DirectoryRecord, recordsOf } from './directory.ts'

const wanted = {
  users: ['RecordName', 'UniqueID', 'PrimaryGroupID', 'RealName', 'NFSHomeDirectory', 'UserShell', 'GeneratedUID'],
  states: ['AuthenticationAuthority', 'accountPolicyData'],
  groups: ['RecordName', 'PrimaryGroupID', 'GroupMembership'],
}

/** Accounts of the Mac itself, as dscl(1) reads them: no digest of a password is asked for. */
export async function addMacosAccounts(
  host: Host,
  tables: { accounts: LastingTable; passwords: LastingTable },
  signal: AbortSignal,
): Promise<Account[]> {
  const command = ['dscl', '-plist', '.', '-readall', '/Users', ...wanted.users, ...wanted.states]
  const accounts: Account[] = []
  for (const user of await askDirectory(host, tables.accounts, { command, signal })) {
    const say = (attribute: string) => user.get(attribute)?.[0] ?? ''
    const name = say('RecordName')
    if (name === '') continue
    const [uid, gid] = [numberIn(say('UniqueID')), numberIn(say('PrimaryGroupID'))]
    const [home, shell, guid] = [say('NFSHomeDirectory'), say('UserShell'), say('GeneratedUID')]
    tables.accounts.add({ kind: 'account', name }, { uid, gid, gecos: say('RealName'), home, shell, guid })
    tables.passwords.add({ kind: 'password', name }, stateOf(user))
    accounts.push({ name, home })
  }
  return accounts
}

export async function addMacosGroups(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const command = ['dscl', '-plist', '.', '-readall', '/Groups', ...wanted.groups]
  for (const group of await askDirectory(host, table, { command, signal })) {
    const [name] = group.get('RecordName') ?? []
    const gid = numberIn(group.get('PrimaryGroupID')?.[0] ?? '')
    if (name !== undefined) table.add({ kind: 'group', name }, { gid, members: group.get('GroupMembership') ?? [] })
  }
}

/**
 * What is kept of a password without it: the ways to prove who one is, of which `DisabledUser` shuts the account, and
 * from the policy when it was set and how often it was wrong (pwpolicy(8)), seconds since 1970.
 */
function stateOf(user: DirectoryRecord): Record<string, unknown> {
  const authorities = user.get('AuthenticationAuthority') ?? []
  const ways = authorities.flatMap((each) => /^[^;]{0,20};([A-Za-z0-9]{1,40});/.exec(each)?.[1] ?? [])
  const [policy = ''] = user.get('accountPolicyData') ?? []
  const numberOf = (key: string) => {
    const [, value] = new RegExp(`<key>${key}</key>\\s*<(?:real|integer)>([\\d.]{1,20})<`).exec(policy) ?? []
    return value === undefined ? undefined : Math.floor(Number(value))
  }
  const [set, failed, lastFailed] = ['passwordLastSetTime', 'failedLoginCount', 'failedLoginTimestamp'].map(numberOf)
  return {
    password: ways.length === 0 ? 'unusable' : 'elsewhere',
    ways: [...new Set(ways)],
    ...(ways.includes('DisabledUser') && { locked: true }),
    ...(set !== undefined && { passwordLastSetTime: set }),
    ...(failed !== undefined && { failedLoginCount: failed }),
    ...(lastFailed !== undefined && lastFailed > 0 && { failedLoginTimestamp: lastFailed }),
  }
}

async function askDirectory(
  host: Host,
  table: LastingTable,
  { command, signal }: { command: readonly string[]; signal: AbortSignal },
): Promise<DirectoryRecord[]> {
  return recordsOf((await linesFrom(host, table, { command, signal })).join('\n'))
}
