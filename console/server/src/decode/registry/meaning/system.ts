import { readFields } from '../fields.ts'
import type { Key } from '../key.ts'
import { controlSet, type Fact, type Meaning } from './meaning.ts'

const version = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion'

/** What the host is: its name, its Windows, its zone, who has a profile on it, when it was shut down. */
export const system: readonly Meaning[] = [
  { paths: [controlSet('Control\\ComputerName\\ComputerName')], read: nameOf },
  { paths: [controlSet('Control\\TimeZoneInformation')], read: zoneOf },
  { paths: [controlSet('Control\\Windows')], read: shutdownOf },
  { paths: ['HKLM\\SYSTEM\\Select'], read: controlSetOf },
  { paths: [version], read: windowsOf },
  { paths: [`${version}\\ProfileList\\*`], read: profileOf },
  { paths: ['HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Authentication\\LogonUI'], read: lastSignInOf },
]

function nameOf(key: Key): Fact[] {
  const name = key.text('ComputerName')
  if (name === undefined) return []
  return [fact('host-named', `The host is named ${name}`, { fields: { host: { name } } })]
}

/** The bias is the minutes from local time to UTC; the active one is that of the season it was written in. */
function zoneOf(key: Key): Fact[] {
  const bias = key.number('ActiveTimeBias') ?? key.number('Bias')
  if (bias === undefined) return []
  const minutes = -(bias | 0)
  const name = key.text('TimeZoneKeyName') ?? key.text('StandardName')
  return [
    fact(
      'zone-found',
      `The zone of the host is ${name ?? 'not named'}, its clock was ${minutes} minutes ahead of UTC`,
      {
        more: { zone: { name, minutes_east: minutes } },
      },
    ),
  ]
}

function shutdownOf(key: Key): Fact[] {
  const time = readFields(key.bytes('ShutdownTime'), (data) => data.instant(0))
  if (time === undefined) return []
  const more = { at: { time, is: 'last shut down' }, value: 'ShutdownTime' }
  return [
    {
      ...fact('host-shut-down', 'The host was shut down', {}),
      ...more,
      of: 'entry',
      category: ['host'],
      type: ['end'],
    },
  ]
}

/** Which control set is the current one: its number is in the paths of all others. */
function controlSetOf(key: Key): Fact[] {
  const current = key.number('Current')
  if (current === undefined) return []
  const name = `ControlSet${String(current).padStart(3, '0')}`
  return [
    fact('control-set-found', `The current control set is ${name}`, {
      more: { control_set: { current, default: key.number('Default'), failed: key.number('Failed') } },
    }),
  ]
}

function windowsOf(key: Key): Fact[] {
  const name = key.text('ProductName')
  if (name === undefined) return []
  const build = key.text('CurrentBuild') ?? key.text('CurrentBuildNumber')
  const installed = key.number('InstallDate')
  return [
    fact('system-found', `The host runs ${name}, build ${build ?? 'unknown'}`, {
      fields: { host: { os: { type: 'windows', name, version: key.text('CurrentVersion'), kernel: build } } },
      more: {
        owner: key.text('RegisteredOwner'),
        display_version: key.text('DisplayVersion') ?? key.text('ReleaseId'),
        installed: installed === undefined ? undefined : new Date(installed * 1000).toISOString(),
      },
    }),
  ]
}

function profileOf(key: Key): Fact[] {
  const path = key.text('ProfileImagePath')
  if (path === undefined) return []
  const name = path.slice(path.lastIndexOf('\\') + 1)
  return [
    {
      ...fact('profile-found', `${key.name} has its profile in ${path}`, {
        fields: { user: { id: key.name, name }, file: { path } },
      }),
      category: ['iam'],
      type: ['user', 'info'],
    },
  ]
}

function lastSignInOf(key: Key): Fact[] {
  const account = key.text('LastLoggedOnUser')
  if (account === undefined) return []
  const slash = account.indexOf('\\')
  const user = {
    name: account.slice(slash + 1),
    ...(slash > 0 && account[0] !== '.' && { domain: account.slice(0, slash) }),
    id: key.text('LastLoggedOnUserSID'),
  }
  return [fact('last-user-found', `${account} signed in last at the screen`, { fields: { user } })]
}

function fact(action: string, says: string, more: Pick<Fact, 'fields' | 'more'>): Fact {
  return { of: 'key', action, says, ...more }
}
