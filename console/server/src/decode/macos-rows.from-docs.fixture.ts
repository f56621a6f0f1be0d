const about = {
  mode: '0644',
  uid: 0,
  gid: 0,
  size: 700,
  mtime: '2026-11-01T08:00:00.123456789Z',
  sha256: 'ab'.repeat(32),
}

/**
 * Rows as the agent makes them of what the programs of macOS say, by the decoder of their source; none was recorded.
 * The programs as their pages have them (keith.github.io/xcode-man-pages): ps, lsof, dscl, launchctl, plutil, kextstat,
 * netstat, scutil, fdesetup, security.
 */
export const macosRows = {
  process: [
    {
      ...{ pid: 412, ppid: 1, uid: 0, ruid: 501, rgid: 20, tty: 'ttys000', lstart: 'Tue Nov  3 09:30:00 2026' },
      ...{ comm: '/usr/bin/ssh', args: 'ssh ana@192.0.2.7', sha256: 'ab'.repeat(32) },
    },
    { malformed: 'garbage' },
  ],
  socket: [
    {
      ...{ protocol: 'TCP', type: 'IPv4', name: '192.0.2.7:50111->198.51.100.9:443', state: 'ESTABLISHED' },
      processes: [{ pid: 412, comm: 'ssh', uid: 501 }],
    },
    { protocol: 'UDP', type: 'IPv6', name: '*:5353', processes: [{ pid: 101, comm: 'mDNSResponder', uid: 65 }] },
  ],
  account: [
    { kind: 'account', name: 'ana', uid: 501, gid: 20, gecos: 'Ana Abara', home: '/Users/ana', shell: '/bin/zsh' },
    {
      ...{ kind: 'password', name: 'ana', password: 'elsewhere', ways: ['ShadowHash', 'DisabledUser'], locked: true },
      ...{ passwordLastSetTime: 1_760_000_000, failedLoginCount: 3, failedLoginTimestamp: 1_760_000_100 },
    },
    { kind: 'not-looked', command: 'dscl . -readall /Groups', why: 'dscl is not installed' },
  ],
  autorun: [
    {
      ...{ kind: 'launchd-job', path: '/Library/LaunchDaemons/com.example.agent.plist', ...about },
      ...{ label: 'com.example.agent', run: ['/opt/agent', '--quiet'], when: ['RunAtLoad=true'], runsAs: 'root' },
      ...{ environment: ['TOKEN'], programSha256: 'cd'.repeat(32) },
    },
    { kind: 'launchd-job', path: '/Library/LaunchAgents/odd.plist', ...about, why: 'it holds no properties' },
    { kind: 'launchd-loaded', label: 'com.example.agent', pid: '412', status: '0' },
    { kind: 'launchd-loaded', label: 'com.example.other', pid: '-', status: '78' },
    {
      ...{ kind: 'login-hook', path: '/Library/Preferences/com.apple.loginwindow.plist' },
      ...{ key: 'LoginHook', text: '/tmp/hook.sh' },
    },
    { kind: 'answer', command: 'sfltool dumpbtm', text: 'Records for UID 501\n#1', sha256: 'ab'.repeat(32) },
  ],
  software: [
    {
      ...{ kind: 'application', path: '/Applications/Tool.app', CFBundleIdentifier: 'com.example.tool' },
      ...{ CFBundleShortVersionString: '1.2', CFBundleVersion: '120' },
    },
    {
      ...{ kind: 'install', _name: 'XProtectPayloads', install_version: '133', package_source: 'package_source_apple' },
      install_date: '2026-11-01T10:00:00Z',
    },
    { kind: 'update', manager: 'softwareupdate', name: 'macOS 14.6', candidate: '14.6', origin: 'MSU_UPDATE_23G80' },
    { kind: 'update-check', manager: 'softwareupdate', asked: '2026-11-26T08:00:00Z' },
  ],
  kernel: [
    { kind: 'module', name: 'com.example.driver', version: '1.0.2', uuid: '6F1C1D2A-0000-3000-8000-000000000001' },
    {
      ...{ kind: 'system-extension', name: 'com.example.edr', team: 'ABCDE12345', version: '1.2/3', title: 'EDR' },
      ...{ category: 'com.apple.system_extension.endpoint_security', state: '[activated enabled]' },
    },
  ],
  'network-setting': [
    { kind: 'macos-route', destination: 'default', gateway: '192.0.2.1', iface: 'en0', flags: 'UGScg' },
    { kind: 'answer', command: 'scutil --dns', text: 'resolver #1\n  nameserver[0] : 192.0.2.53\n  nameserver[1] : x' },
    { kind: 'answer', command: 'socketfilterfw --getglobalstate', text: 'Firewall is enabled. (State = 1)' },
  ],
  protection: [
    { kind: 'answer', command: 'fdesetup status', text: 'FileVault is On.' },
    { kind: 'answer', command: 'csrutil status', text: 'System Integrity Protection status: disabled.' },
    { kind: 'answer', command: 'systemsetup -getremotelogin', text: 'Remote Login: Off' },
    { kind: 'answer', command: 'tmutil latestbackup', text: '/Volumes/.timemachine/2026-11-26-080000.backup' },
    {
      ...{ kind: 'malware-definitions', version: '5284' },
      path: '/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist',
    },
    {
      ...{ kind: 'keychain-certificate', keychain: '/Library/Keychains/System.keychain', fingerprint: 'ab'.repeat(32) },
      ...{ subject: 'O=Broker\nCN=ca.example', issuer: 'O=Broker\nCN=ca.example', serialNumber: '7D99', ca: true },
      ...{ notBefore: '2026-11-27T14:33:01.000Z', notAfter: '2027-11-27T14:33:01.000Z' },
    },
  ],
} as const

/** The same as records. */
export const macosRecords: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(macosRows).map(([id, rows]) => [id, rows.map((row) => JSON.stringify(row))]),
)
