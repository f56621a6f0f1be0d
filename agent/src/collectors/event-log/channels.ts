/** A channel that is read, and what switches it on where it is off. */
export interface Channel {
  name: string
  fix: string
}

const enable = (name: string): Channel => ({ name, fix: `Switch it on: wevtutil sl "${name}" /e:true` })
const operational = (name: string): Channel => enable(`Microsoft-Windows-${name}/Operational`)

/** In the order in which they are read: who entered, what was started and by what means, what keeps others out. */
export const channels: readonly Channel[] = [
  ...['Security', 'System', 'Application'].map(enable),
  {
    name: 'Microsoft-Windows-Sysmon/Operational',
    fix: 'Install Sysmon (Sysinternals): sysmon64 -accepteula -i. It is not part of older Windows.',
  },
  ...['PowerShell', 'TaskScheduler', 'TerminalServices-LocalSessionManager'].map(operational),
  ...['TerminalServices-RemoteConnectionManager', 'RemoteDesktopServices-RdpCoreTS'].map(operational),
  { name: 'Windows PowerShell', fix: 'Nothing: it comes with PowerShell.' },
  ...['Windows Defender', 'WMI-Activity', 'WinRM', 'Bits-Client', 'NTLM', 'DriverFrameworks-UserMode'].map(operational),
  enable('Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'),
  ...['SMBServer/Security', 'SMBServer/Operational', 'SMBClient/Security', 'AppLocker/EXE and DLL'].map((name) =>
    enable(`Microsoft-Windows-${name}`),
  ),
  operational('CodeIntegrity'),
  operational('DNS-Client'),
]
