import type { Collector } from '../collector.ts'
import { lastingEvery, newLastingTable } from '../lasting-table.ts'
import { handOver } from '../pass.ts'
import { type Shape, tableOfScript } from '../script-rows.ts'
import { addAccounts } from './accounts.ts'
import { addAuthorizedKeys } from './authorized-keys.ts'
import { addGroups } from './groups.ts'
import { addMacosAccounts, addMacosGroups } from './macos.ts'
import { addPasswords } from './passwords.ts'
import { addSudoers } from './sudoers.ts'

/** Rows of Windows. */
const shapes: Readonly<Record<string, Shape>> = {
  'local-user': { named: ['SID'], passing: ['LastLogon'] },
  'local-group': { named: ['SID'] },
}

export const accounts: Collector = {
  id: 'account',
  resource: 'Operating System files',
  platforms: ['linux', 'win32', 'darwin'],
  ...lastingEvery,
  reads:
    'Accounts and groups from /etc/passwd and /etc/group; of /etc/shadow whether a password is set or locked, the name of its algorithm, when it was changed and when it expires; the rules of sudo; of each authorized_keys the fingerprints, options and comments, with owner and permissions of the file. On Windows local accounts with state, passwords’ dates and last sign-in, and local groups with their members. On macOS accounts and groups as dscl reads them, of a password when it was set and how often it was wrong.',
  needs: 'To read /etc/shadow, sudoers and the keys of other accounts, run the agent as root.',
  cannotSee:
    'Accounts, groups and rules that a directory service gives (LDAP, SSSD, Active Directory), keys that a command or a certificate authority names, homes on volumes of the network, and a password or its digest: neither leaves the host. On Windows accounts and groups of a domain.',
  provenOn: 'Debian 12, live at every change; Windows and macOS by documentation alone.',

  async *collect(host, signal, from) {
    const readAt = host.now()
    if (host.platform === 'win32') {
      const table = await tableOfScript(host, { script: 'accounts', shapes }, signal)
      return yield* handOver('account', [table], { from, readAt })
    }
    const [accountTable, passwordTable, groupTable, ruleTable, keyTable] = [
      newLastingTable('/etc/passwd'),
      newLastingTable('/etc/shadow'),
      newLastingTable('/etc/group'),
      newLastingTable('/etc/sudoers'),
      newLastingTable('authorized_keys'),
    ]
    const isMac = host.platform === 'darwin'
    const known = isMac
      ? await addMacosAccounts(host, { accounts: accountTable, passwords: passwordTable }, signal)
      : await addAccounts(host, accountTable)
    if (!isMac) await addPasswords(host, passwordTable)
    await (isMac ? addMacosGroups(host, groupTable, signal) : addGroups(host, groupTable))
    await addSudoers(host, ruleTable)
    await addAuthorizedKeys(host, keyTable, { accounts: known, signal })
    const tables = [accountTable, passwordTable, groupTable, ruleTable, keyTable]
    yield* handOver('account', tables, { from, readAt })
  },
}
