import { expect, test } from 'vitest'
import { accounts } from './account/index.ts'
import { autoruns } from './autorun/index.ts'
import type { Collector } from './collector.ts'
import { kernel } from './kernel/index.ts'
import { newMac } from './macos.fixture.ts'
import { networkSettings } from './network-setting/index.ts'
import { newPasses, rowsOf } from './proc.fixture.ts'
import { protection } from './protection/index.ts'
import { software } from './software/index.ts'

/** Answers in the form of the pages of macOS (keith.github.io/xcode-man-pages): none was recorded. */

type Answers = Readonly<Record<string, string>>
const rowsFrom = async (collector: Collector, answers: Answers, files: Parameters<typeof newMac>[1] = {}) =>
  rowsOf(await newPasses(collector, newMac(answers, files))()).map(({ row }) => row)
const kindsOf = <Row extends { kind: string }>(rows: readonly Row[], ...kinds: string[]) =>
  rows.filter(({ kind }) => kinds.includes(kind))
const plutil = (path: string) => `plutil -convert json -o - -- ${path}`

/** `dscl -plist` (dscl(1)): a dictionary for each record, whose values are lists. */
const plist = (records: readonly Readonly<Record<string, readonly string[]>>[]) => {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const attributes = (record: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(record).map(([name, values]) => {
      const list = values.map((value) => `\t\t\t<string>${escaped(value)}</string>\n`).join('')
      return `\t\t<key>dsAttrTypeStandard:${name}</key>\n\t\t<array>\n${list}\t\t</array>\n`
    })
  const dicts = records.map((record) => `\t<dict>\n${attributes(record).join('')}\t</dict>\n`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n<array>\n${dicts.join('')}</array>\n</plist>\n`
}
const policy =
  '<?xml version="1.0"?>\n<dict>\n\t<key>failedLoginCount</key>\n\t<integer>3</integer>\n\t<key>passwordLastSetTime</key>\n\t<real>1760000000.123</real>\n</dict>\n'
const users = plist([
  {
    AuthenticationAuthority: [
      ';ShadowHash;HASHLIST:<SALTED-SHA512-PBKDF2>',
      ';Kerberosv5;;ana@LKDC:SHA1.AB;LKDC:SHA1.AB;',
    ],
    GeneratedUID: ['6F1C1D2A-0000-4000-8000-000000000001'],
    NFSHomeDirectory: ['/Users/ana'],
    PrimaryGroupID: ['20'],
    RealName: ['Ana Abara\nUniqueID: 0\n-\nRecordName: root</string><key>'],
    RecordName: ['ana'],
    UniqueID: ['501'],
    UserShell: ['/bin/zsh'],
    accountPolicyData: [policy],
  },
  { AuthenticationAuthority: [';DisabledUser;;ShadowHash;'], RecordName: ['bob'], UniqueID: ['502'] },
  { PrimaryGroupID: ['-2'], RecordName: ['nobody', 'BUILTIN\\Nobody'], UniqueID: ['-2'] },
])
const groups = plist([
  { GroupMembership: ['root', 'ana'], PrimaryGroupID: ['80'], RecordName: ['admin', 'BUILTIN\\Administrators'] },
])

test('accounts of a Mac have the state of their password, and a name cannot make itself another number', async () => {
  const command = (what: string, names: string) => `dscl -plist . -readall ${what} ${names}`
  const all = 'RecordName UniqueID PrimaryGroupID RealName NFSHomeDirectory UserShell GeneratedUID'
  const rows = await rowsFrom(
    accounts,
    {
      [command('/Users', `${all} AuthenticationAuthority accountPolicyData`)]: users,
      [command('/Groups', 'RecordName PrimaryGroupID GroupMembership')]: groups,
    },
    { '/etc/sudoers': '%admin ALL = (ALL) ALL\n', '/Users/ana/.ssh/authorized_keys': 'no key\n' },
  )

  expect(kindsOf(rows, 'account')).toEqual([
    {
      ...{ kind: 'account', name: 'ana', uid: 501, gid: 20, home: '/Users/ana', shell: '/bin/zsh' },
      ...{
        gecos: 'Ana Abara\nUniqueID: 0\n-\nRecordName: root</string><key>',
        guid: '6F1C1D2A-0000-4000-8000-000000000001',
      },
    },
    expect.objectContaining({ name: 'bob', uid: 502 }),
    expect.objectContaining({ name: 'nobody', uid: '-2' }),
  ])
  expect(kindsOf(rows, 'password')).toEqual([
    {
      ...{ kind: 'password', name: 'ana', password: 'elsewhere', ways: ['ShadowHash', 'Kerberosv5'] },
      ...{ passwordLastSetTime: 1_760_000_000, failedLoginCount: 3 },
    },
    { kind: 'password', name: 'bob', password: 'elsewhere', ways: ['DisabledUser'], locked: true },
    { kind: 'password', name: 'nobody', password: 'unusable', ways: [] },
  ])
  expect(kindsOf(rows, 'group')).toEqual([{ kind: 'group', name: 'admin', gid: 80, members: ['root', 'ana'] }])
  expect(kindsOf(rows, 'sudo-rule')).toMatchObject([{ text: '%admin ALL = (ALL) ALL' }])
  expect(kindsOf(rows, 'authorized-keys')).toMatchObject([{ account: 'ana' }])
})

test('without dscl the accounts are not looked at, and that is a row', async () => {
  expect(kindsOf(await rowsFrom(accounts, {}), 'not-looked')).toHaveLength(2)
})

const daemon = '/Library/LaunchDaemons/com.example.agent.plist'
const odd = '/Users/ana/Library/LaunchAgents/odd.plist'

test('a job of launchd says what runs and why, with the digest of its program and no secret of its environment', async () => {
  const job = {
    ...{ Label: 'com.example.agent', ProgramArguments: ['/opt/agent', '--quiet'], RunAtLoad: true, UserName: 'root' },
    EnvironmentVariables: { TOKEN: 'hunter2', DYLD_INSERT_LIBRARIES: '/tmp/x.dylib' },
  }
  const rows = await rowsFrom(
    autoruns,
    {
      [plutil(daemon)]: JSON.stringify(job),
      'plutil -extract LoginHook xml1 -o - -- /Library/Preferences/com.apple.loginwindow.plist':
        '<plist version="1.0"><string>/tmp/hook.sh</string></plist>',
      'launchctl list': 'PID\tStatus\tLabel\n412\t0\tcom.example.agent\n-\t78\tcom.example.other\n',
      'launchctl print-disabled system': 'disabled services = {\n\t"com.example.x" => disabled\n}\n',
    },
    {
      [daemon]: '<plist/>',
      [odd]: 'bplist00',
      '/usr/lib/cron/tabs/ana': '@reboot /tmp/x\n',
      '/etc/periodic/daily/1': '#!/bin/sh\n',
    },
  )

  expect(kindsOf(rows, 'launchd-job')).toEqual([
    expect.objectContaining({
      ...{ path: daemon, label: 'com.example.agent', runsAs: 'root', sha256: expect.any(String) },
      ...{ run: ['/opt/agent', '--quiet'], when: ['RunAtLoad=true'], programSha256: 'hash of /opt/agent' },
      environment: ['TOKEN', 'DYLD_INSERT_LIBRARIES="/tmp/x.dylib"'],
    }),
    expect.objectContaining({ path: odd, why: 'plutil is not installed' }),
  ])
  expect(kindsOf(rows, 'login-hook')).toMatchObject([{ key: 'LoginHook', text: '/tmp/hook.sh' }])
  expect(kindsOf(rows, 'launchd-loaded')).toEqual([
    { kind: 'launchd-loaded', label: 'com.example.agent', pid: '412', status: '0' },
    { kind: 'launchd-loaded', label: 'com.example.other', pid: '-', status: '78' },
  ])
  expect(kindsOf(rows, 'cron')).toMatchObject([{ account: 'ana', text: '@reboot /tmp/x' }])
  expect(kindsOf(rows, 'hook')).toMatchObject([{ path: '/etc/periodic/daily/1' }])
  expect(kindsOf(rows, 'answer', 'not-looked').map(({ command }) => command)).toEqual([
    'launchctl print-disabled system',
    'sfltool dumpbtm',
  ])
})

test('applications, installs and updates that wait are told with their versions', async () => {
  const update = '/Library/Preferences/com.apple.SoftwareUpdate.plist'
  const rows = await rowsFrom(
    software,
    {
      [plutil('/Applications/Tool.app/Contents/Info.plist')]:
        '{"CFBundleIdentifier":"com.example.tool","CFBundleShortVersionString":"1.2","CFBundleVersion":"120"}',
      'system_profiler SPInstallHistoryDataType -json':
        '{"SPInstallHistoryDataType":[{"_name":"XProtectPayloads","install_date":"2026-11-01T10:00:00Z","install_version":"133","package_source":"package_source_apple"},7]}',
      [`plutil -extract RecommendedUpdates json -o - -- ${update}`]:
        '[{"Display Name":"macOS 14.6","Display Version":"14.6","Product Key":"MSU_UPDATE_23G80"}]',
      [`plutil -extract LastSuccessfulDate xml1 -o - -- ${update}`]: '<plist><date>2026-11-26T08:00:00Z</date></plist>',
    },
    { '/Applications/Tool.app/Contents/Info.plist': 'x', '/Applications/Broken.app/Contents/Info.plist': 'x' },
  )

  expect(rows).toEqual([
    { kind: 'application', path: '/Applications/Broken.app', why: 'plutil is not installed' },
    {
      ...{ kind: 'application', path: '/Applications/Tool.app', CFBundleIdentifier: 'com.example.tool' },
      ...{ CFBundleShortVersionString: '1.2', CFBundleVersion: '120' },
    },
    {
      ...{ kind: 'install', _name: 'XProtectPayloads', install_version: '133' },
      ...{ install_date: '2026-11-01T10:00:00Z', package_source: 'package_source_apple' },
    },
    {
      ...{ kind: 'update', manager: 'softwareupdate', name: 'macOS 14.6' },
      ...{ candidate: '14.6', origin: 'MSU_UPDATE_23G80' },
    },
    { kind: 'update-check', manager: 'softwareupdate', asked: '2026-11-26T08:00:00Z' },
  ])
})

test('extensions of the kernel and beside it are told without addresses that change', async () => {
  const rows = await rowsFrom(kernel, {
    'kextstat -l':
      'Executing: /usr/bin/kmutil showloaded\n  154    0 0xffffff7f80a1d000 0x5000     0x5000     com.example.driver (1.0.2) 6F1C1D2A-0000-3000-8000-000000000001 <8 6 5 3 1>\nodd\n',
    'systemextensionsctl list':
      '1 extension(s)\n--- com.apple.system_extension.endpoint_security\nenabled\tactive\tteamID\tbundleID (version)\tname\t[state]\n*\t*\tABCDE12345\tcom.example.edr (1.2/3)\tEDR\t[activated enabled]\n',
    'sysctl -n kern.bootargs': '\n',
    'sysctl -n kern.osversion': '23F79\n',
  })

  expect(rows.filter(({ kind }) => kind !== 'not-looked')).toEqual([
    { kind: 'module', name: 'com.example.driver', version: '1.0.2', uuid: '6F1C1D2A-0000-3000-8000-000000000001' },
    { kind: 'malformed', command: 'kextstat -l', text: 'odd' },
    {
      ...{ kind: 'system-extension', name: 'com.example.edr', team: 'ABCDE12345', version: '1.2/3', title: 'EDR' },
      ...{ category: 'com.apple.system_extension.endpoint_security', state: '[activated enabled]' },
      ...{ enabled: true, active: true },
    },
    { kind: 'setting', name: 'kern.osversion', value: '23F79' },
  ])
})

test('routes of a Mac are told without its neighbours, and answers as they are given', async () => {
  const rows = await rowsFrom(
    networkSettings,
    {
      'netstat -rn':
        'Routing tables\n\nInternet:\nDestination        Gateway            Flags           Netif Expire\ndefault            192.0.2.1          UGScg             en0       \n192.0.2.7          a4:83:e7:0:0:1     UHLWIi            en0   1189\n192.0.2            link#6             UCS               en0      !\n',
      'scutil --dns': 'resolver #1\n  nameserver[0] : 192.0.2.53\n',
      'socketfilterfw --getglobalstate': 'Firewall is enabled. (State = 1) \n',
    },
    { '/etc/hosts': '203.0.113.9 bank.example\n', '/etc/resolver/corp': 'nameserver 192.0.2.54\n' },
  )

  expect(kindsOf(rows, 'macos-route')).toEqual([
    { kind: 'macos-route', destination: 'default', gateway: '192.0.2.1', iface: 'en0', flags: 'UGScg' },
    { kind: 'macos-route', destination: '192.0.2', gateway: 'link#6', iface: 'en0', flags: 'UCS' },
  ])
  expect(kindsOf(rows, 'answer')).toMatchObject([
    { command: 'scutil --dns', text: 'resolver #1\n  nameserver[0] : 192.0.2.53' },
    { command: 'socketfilterfw --getglobalstate', text: 'Firewall is enabled. (State = 1)' },
  ])
  expect(kindsOf(rows, 'file', 'host-name').map(({ path }) => path)).toEqual([
    '/etc/hosts',
    '/etc/hosts',
    '/etc/resolver/corp',
  ])
  expect(kindsOf(rows, 'not-looked')).toHaveLength(7)
})

test('a program that says by its end that something is off is heard all the same', async () => {
  const mac = newMac({})
  mac.has = (command) => command === 'spctl'
  mac.ask = async (command) => ({ why: command === 'spctl' ? 'spctl ended with 1: ' : `${command} is not installed` })
  mac.run = async function* () {
    yield Buffer.from('assessments disabled\n')
    throw new Error('spctl ended with 1')
  }
  const rows = rowsOf(await newPasses(protection, mac)()).map(({ row }) => row)

  expect(kindsOf(rows, 'answer')).toMatchObject([
    { command: 'spctl --status', text: 'assessments disabled', why: 'spctl ended with 1: ' },
  ])
})

test('a program that may lie on another machine is not fetched', async () => {
  const job = { Label: 'x', Program: '/Volumes/share/x' }
  const rows = await rowsFrom(autoruns, { [plutil(daemon)]: JSON.stringify(job) }, { [daemon]: '<plist/>' })

  expect(kindsOf(rows, 'launchd-job')).toMatchObject([{ programWhy: 'may lie on another machine' }])
  expect(kindsOf(rows, 'launchd-job')[0]).not.toHaveProperty('programSha256')
})

/** Made with `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /O=Broker/CN=ca.example`. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBoDCCAUegAwIBAgIUfZnvVK1gpxfjRSBzDBmJo2bNYZowCgYIKoZIzj0EAwIw
JjEPMA0GA1UECgwGQnJva2VyMRMwEQYDVQQDDApjYS5leGFtcGxlMB4XDTI2MTEy
NzE0MzMwMVoXDTI3MTEyNzE0MzMwMVowJjEPMA0GA1UECgwGQnJva2VyMRMwEQYD
VQQDDApjYS5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHOWJwGr2
dCkgEylJD7jj3TJMplMS/0hJAtUdc3KQahEBsV6JuNouRTyG+Qj12+5k97gFaBWp
q50YKTNQBdobGKNTMFEwHQYDVR0OBBYEFOPlp/AbVsyB5zT4Lgwp5jN8bWxpMB8G
A1UdIwQYMBaAFOPlp/AbVsyB5zT4Lgwp5jN8bWxpMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDRwAwRAIgD+ifMQwEDMoNWOJ1AX32FdTkao9cDPlsoBur45sV
phECIDN2hTSv4+Gx17d4++xE49UwUDkeTEVH4TvlpdKf0G0B
-----END CERTIFICATE-----
`

test('what protects a Mac is told as its programs say it, and certificates with serial number and validity', async () => {
  const definitions = '/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist'
  const rows = await rowsFrom(
    protection,
    {
      'fdesetup status': 'FileVault is On.\n',
      'csrutil status': 'System Integrity Protection status: disabled.\n',
      [plutil(definitions)]: '{"CFBundleShortVersionString":"5284"}',
      security: `${certificate}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
    },
    { [definitions]: 'x' },
  )

  expect(rows.filter(({ kind }) => kind !== 'not-looked')).toEqual([
    { kind: 'answer', command: 'fdesetup status', text: 'FileVault is On.', sha256: expect.any(String) },
    expect.objectContaining({ command: 'csrutil status', text: 'System Integrity Protection status: disabled.' }),
    { kind: 'malware-definitions', path: definitions, version: '5284' },
    {
      ...{ kind: 'keychain-certificate', keychain: '/Library/Keychains/System.keychain', ca: true },
      ...{ subject: 'O=Broker\nCN=ca.example', issuer: 'O=Broker\nCN=ca.example' },
      serialNumber: '7D99EF54AD60A717E34520730C1989A366CD619A',
      fingerprint: '2d2d8c71f91adf4c5abd2a1ee98e7d7aa98e3dd58791079e7b856beb5105e21f',
      ...{ notBefore: '2026-11-27T14:33:01.000Z', notAfter: '2027-11-27T14:33:01.000Z' },
    },
    { kind: 'malformed', path: '/Library/Keychains/System.keychain' },
  ])
})
