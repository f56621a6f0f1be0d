import type { Key } from '../key.ts'
import type { Value } from '../value.ts'
import { controlSet, type Fact, type Meaning, software } from './meaning.ts'

/** A value that takes a protection away, or opens a way in, when it is this number. */
interface Weakness {
  paths: readonly string[]
  value: string
  is: number
  says: string
}

const policies = software('Microsoft\\Windows\\CurrentVersion\\Policies\\System')
const defender = [...software('Microsoft\\Windows Defender'), ...software('Policies\\Microsoft\\Windows Defender')]
const below = (paths: readonly string[], name: string) => paths.map((path) => `${path}\\${name}`)

/** As Microsoft Learn documents them, each with the number that is asked for. */
const weaknesses: readonly Weakness[] = [
  {
    paths: [controlSet('Control\\Terminal Server')],
    value: 'fDenyTSConnections',
    is: 0,
    says: 'Remote Desktop is on',
  },
  {
    paths: [controlSet('Control\\Terminal Server\\WinStations\\RDP-Tcp')],
    value: 'UserAuthentication',
    is: 0,
    says: 'Remote Desktop asks for no sign-in before it connects',
  },
  {
    paths: [controlSet('Control\\SecurityProviders\\WDigest')],
    value: 'UseLogonCredential',
    is: 1,
    says: 'Passwords are kept in memory in clear',
  },
  {
    paths: [controlSet('Control\\Lsa')],
    value: 'RunAsPPL',
    is: 0,
    says: 'The process that checks passwords is not protected',
  },
  { paths: [controlSet('Control\\Lsa')], value: 'NoLMHash', is: 0, says: 'LM hashes of passwords are kept' },
  {
    paths: [controlSet('Control\\Lsa')],
    value: 'LimitBlankPasswordUse',
    is: 0,
    says: 'Accounts without a password may sign in over the network',
  },
  {
    paths: [controlSet('Control\\Lsa')],
    value: 'DisableRestrictedAdmin',
    is: 0,
    says: 'Remote Desktop takes the hash of a password',
  },
  { paths: policies, value: 'EnableLUA', is: 0, says: 'User Account Control is off' },
  {
    paths: policies,
    value: 'LocalAccountTokenFilterPolicy',
    is: 1,
    says: 'Local administrators have all rights over the network',
  },
  { paths: defender, value: 'DisableAntiSpyware', is: 1, says: 'Microsoft Defender is off' },
  { paths: defender, value: 'DisableAntiVirus', is: 1, says: 'Microsoft Defender is off' },
  {
    paths: below(defender, 'Real-Time Protection'),
    value: 'DisableRealtimeMonitoring',
    is: 1,
    says: 'Microsoft Defender does not watch what happens',
  },
  {
    paths: below(defender, 'Features'),
    value: 'TamperProtection',
    is: 4,
    says: 'Microsoft Defender may be switched off by programs',
  },
  {
    paths: ['DomainProfile', 'StandardProfile', 'PublicProfile'].map((profile) =>
      controlSet(`Services\\SharedAccess\\Parameters\\FirewallPolicy\\${profile}`),
    ),
    value: 'EnableFirewall',
    is: 0,
    says: 'Windows Firewall is off for this kind of network',
  },
  {
    paths: software('Policies\\Microsoft\\Windows\\PowerShell\\ScriptBlockLogging'),
    value: 'EnableScriptBlockLogging',
    is: 0,
    says: 'Scripts of PowerShell are not logged',
  },
]

/** What Microsoft Defender does not look at. */
const exclusions = ['Paths', 'Processes', 'Extensions', 'IpAddresses'].flatMap((kind) =>
  below(defender, `Exclusions\\${kind}`),
)

export const settings: readonly Meaning[] = [
  ...weaknesses.map((weakness): Meaning => ({ paths: weakness.paths, read: (key) => weaknessOf(key, weakness) })),
  { paths: exclusions, read: (key) => key.values.flatMap((value) => exclusionOf(key, value)) },
]

function weaknessOf(key: Key, { value, is, says }: Weakness): Fact[] {
  if (key.number(value) !== is) return []
  return [{ of: 'entry', action: 'protection-weakened', says, value, data: [String(is)] }]
}

function exclusionOf(key: Key, { name }: Value): Fact[] {
  if (name === '') return []
  const isPath = !key.name.toLowerCase().startsWith('ext') && !key.name.toLowerCase().startsWith('ip')
  return [
    {
      of: 'entry',
      action: 'protection-excluded',
      says: `Microsoft Defender does not look at ${name.slice(0, 300)}`,
      value: name,
      ...(isPath && { fields: { file: { path: name.slice(0, 2048) } } }),
    },
  ]
}
