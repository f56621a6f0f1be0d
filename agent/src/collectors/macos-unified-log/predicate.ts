/** Programs whose every entry matters: who signs in, becomes another, shares the screen, or is found to be malware. */
const processes = [
  ...[
    'sudo',
    'su',
    'login',
    'sshd',
    'sshd-session',
    'sshd-auth',
    'loginwindow',
    'screensharingd',
    'ScreenSharingAgent',
  ],
  ...[
    'SecurityAgent',
    'authorizationhost',
    'dseditgroup',
    'sysadminctl',
    'dscl',
    'passwd',
    'installer',
    'softwareupdated',
  ],
  ...['XProtect', 'XProtectService', 'MRT', 'systemextensionsctl', 'kextload', 'kmutil', 'smbd', 'tidewaiter-agent'],
]
/** What parts of the system write about the same, whoever calls them. */
const subsystems = [
  ...['com.apple.opendirectoryd', 'com.apple.Authorization', 'com.apple.loginwindow.logging', 'com.apple.TCC'],
  ...['com.apple.XProtectFramework', 'com.apple.ManagedClient', 'com.apple.alf', 'com.apple.screensharing'],
  ...['com.apple.backgroundtaskmanagement', 'com.apple.syspolicy', 'com.apple.LaunchServices.quarantine'],
]

const list = (words: readonly string[]) => `{${words.map((word) => `"${word}"`).join(', ')}}`

/** What is taken of a log that grows by gigabytes a day, as log(1) filters it: entries of the level `default` and above; 16 is an error, 17 a fault. */
export const predicate = [
  `process IN ${list(processes)}`,
  `subsystem IN ${list(subsystems)}`,
  '(process == "launchd" AND (messageType == 16 OR messageType == 17))',
].join(' OR ')
