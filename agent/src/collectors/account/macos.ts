import type { Host } from '../../host.ts'
import { linesFrom } from '../answer.ts'
import type { LastingTable } from '../lasting-table.ts'
import type { Account } from './accounts.ts'
import { numberIn } from './accounts.ts'

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
  const command = ['dscl', '.', '-readall', '/Users', ...wanted.users, ...wanted.states]
  const accounts: Account[] = []
  for (const user of recordsOf(await linesFrom(host, tables.accounts, { command, signal }))) {
    const say = (name: string) => user.get(name) ?? ''
    const [name = ''] = say('RecordName').split(/\s/)
    if (name === '') continue
    const [uid, gid] = [numberIn(say('UniqueID')), numberIn(say('PrimaryGroupID'))]
    const [home, shell, guid] = [say('NFSHomeDirectory'), say('UserShell'), say('GeneratedUID')]
    tables.accounts.add({ kind: 'account', name }, { uid, gid, gecos: say('RealName'), home, shell, guid })
    tables.passwords.add({ kind: 'password', name }, stateOf(say('AuthenticationAuthority'), say('accountPolicyData')))
    accounts.push({ name, home })
  }
  return accounts
}

export async function addMacosGroups(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const command = ['dscl', '.', '-readall', '/Groups', ...wanted.groups]
  for (const group of recordsOf(await linesFrom(host, table, { command, signal }))) {
    const [name = ''] = (group.get('RecordName') ?? '').split(/\s/)
    const members = (group.get('GroupMembership') ?? '').split(/\s+/).filter((member) => member !== '')
    if (name !== '') table.add({ kind: 'group', name }, { gid: numberIn(group.get('PrimaryGroupID') ?? ''), members })
  }
}

/**
 * What is kept of a password without it: the ways to prove who one is, of which `DisabledUser` shuts the account, and
 * from the policy when it was set and how often it was wrong (pwpolicy(8)), seconds since 1970.
 */
function stateOf(authority: string, policy: string): Record<string, unknown> {
  const ways = [...authority.matchAll(/;([A-Za-z0-9]{1,40});/g)].map(([, way]) => way)
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

/** Records end with a line `-`; a value goes on in lines that begin with a space, so that none looks like a name. */
function recordsOf(lines: readonly string[]): Map<string, string>[] {
  const records: Map<string, string>[] = []
  let open = new Map<string, string>()
  let name = ''
  for (const line of [...lines, '-']) {
    const [, named, value = ''] = /^(?:dsAttrType\w{1,20}:)?(\w{1,60}):(?: (.*))?$/.exec(line) ?? []
    if (line === '-') {
      if (open.size > 0) records.push(open)
      open = new Map()
    } else if (named !== undefined) {
      name = named
      open.set(name, value.trim())
    } else if (line.startsWith(' ')) open.set(name, `${open.get(name) ?? ''}\n${line.slice(1)}`.trim())
  }
  return records
}
