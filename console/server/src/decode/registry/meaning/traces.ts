import type { Key } from '../key.ts'
import type { Value } from '../value.ts'
import type { Fact, Meaning } from './meaning.ts'

const windows = 'HKCU\\Software\\Microsoft\\Windows'

/** Keys of which the names of the values are programs. None has a time of its own for each. */
const programKeys: readonly { path: string; by: string }[] = [
  {
    path: `${windows} NT\\CurrentVersion\\AppCompatFlags\\Compatibility Assistant\\Store`,
    by: 'the compatibility assistant',
  },
  { path: `${windows} NT\\CurrentVersion\\AppCompatFlags\\Layers`, by: 'compatibility settings' },
  { path: `${windows}\\CurrentVersion\\Explorer\\FeatureUsage\\AppSwitched`, by: 'the task bar' },
  { path: 'HKCU\\Software\\Classes\\Local Settings\\Software\\Microsoft\\Windows\\Shell\\MuiCache', by: 'the shell' },
  { path: `${windows}\\ShellNoRoam\\MUICache`, by: 'the shell' },
]

/** What programs that were run leave in the hive of who ran them. */
export const traces: readonly Meaning[] = [
  ...programKeys.map(
    ({ path, by }): Meaning => ({
      paths: [path],
      read: (key) => key.values.flatMap((value) => programOf(value, by)),
    }),
  ),
  { paths: ['HKCU\\Software\\Sysinternals\\*'], read: toolOf },
  { paths: ['HKCU\\Software\\SimonTatham\\PuTTY\\SshHostKeys'], read: (key) => key.values.flatMap(sshHostOf) },
]

/** The shell adds what it knows of the program to its name. */
const shellEndings = /\.(?:FriendlyAppName|ApplicationCompany)$/

function programOf({ name }: Value, by: string): Fact[] {
  if (!/^(?:[a-z]:|\\\\|@?\{)/i.test(name) || name.endsWith('.ApplicationCompany')) return []
  const path = name.replace(shellEndings, '')
  return [
    {
      of: 'entry',
      action: 'program-known',
      says: `${path} is known to ${by}`,
      category: ['process'],
      value: name,
      fields: { file: { path } },
    },
  ]
}

/** Each asks once whether its licence is accepted. Attackers bring some of them along. */
function toolOf(key: Key): Fact[] {
  if (key.number('EulaAccepted') !== 1) return []
  return [
    {
      of: 'key',
      action: 'program-run-once',
      says: `${key.name} of Sysinternals was run, and its licence accepted`,
      category: ['process'],
      fields: { file: { name: key.name } },
    },
  ]
}

/** `ssh-ed25519@22:host`: kind of key, port, host. */
function sshHostOf({ name }: Value): Fact[] {
  const [, port, address] = /^[\w-]+@(\d{1,5}):(.+)$/.exec(name) ?? []
  if (address === undefined) return []
  return [
    {
      of: 'entry',
      action: 'ssh-host-known',
      says: `${address} was connected to with PuTTY`,
      value: name,
      fields: { destination: { address, port: Number(port) } },
    },
  ]
}
