const started = '2026-11-24T09:00:00.1234567Z'

/**
 * Rows as the agent's scripts give them, by the decoder of their source; none was recorded. Properties and their values
 * as learn.microsoft.com has them: "Win32_Process class", "MSFT_NetTCPConnection class", "Get-LocalUser", "Get-HotFix",
 * "IUpdate interface", "Win32_Service class", "Get-ScheduledTask", "Win32_StartupCommand class", "Win32_SystemDriver".
 */
export const windowsRows = {
  process: [
    {
      ...{ ProcessId: 700, ParentProcessId: 500, Name: 'powershell.exe', SessionId: 1, UserName: 'BROKER\\ana' },
      ...{ ExecutablePath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', CreationDate: started },
      ...{ CommandLine: 'powershell.exe -NoProfile', sha256: 'ab'.repeat(32) },
    },
    { ProcessId: 4, ParentProcessId: 0, Name: 'System', SessionId: 0, sha256Why: 'not on a drive of this machine' },
  ],
  socket: [
    {
      ...{ Protocol: 'tcp', LocalAddress: '192.0.2.7', LocalPort: 50_000, RemoteAddress: '198.51.100.9' },
      ...{ RemotePort: 443, State: 'Established', OwningProcess: 700, CreationTime: started },
    },
    {
      ...{ Protocol: 'tcp', LocalAddress: 'fe80::1%12', LocalPort: 445, RemoteAddress: '::', RemotePort: 0 },
      ...{ State: 'Listen', OwningProcess: 4 },
    },
    { Protocol: 'udp', LocalAddress: '0.0.0.0', LocalPort: 5353, OwningProcess: 800 },
  ],
  account: [
    {
      ...{
        kind: 'local-user',
        SID: 'S-1-5-21-1-2-3-500',
        Name: 'Administrator',
        FullName: 'Ana Abara',
        Enabled: false,
      },
      ...{ PasswordRequired: true, PasswordLastSet: started, LastLogon: started, Description: 'Built-in account' },
    },
    { kind: 'local-group', SID: 'S-1-5-32-544', Name: 'Administrators', Members: ['PC7\\ana S-1-5-21-1-2-3-1001'] },
  ],
  software: [
    {
      ...{ kind: 'program', Key: '7-Zip', DisplayName: '7-Zip 24.08 (x64)', DisplayVersion: '24.08' },
      ...{ Publisher: 'Igor Pavlov', InstallDate: '20261101' },
    },
    { kind: 'hotfix', HotFixID: 'KB5031356', Description: 'Security Update', InstalledOn: started },
    {
      ...{
        kind: 'waiting-update',
        UpdateID: 'c0ffee00-0000-4000-8000-000000000001',
        Title: '2026-11 Cumulative Update',
      },
      ...{ KBArticleIDs: ['5031356'], MsrcSeverity: 'Critical' },
    },
  ],
  autorun: [
    {
      ...{ kind: 'service', Name: 'Spooler', DisplayName: 'Print Spooler', StartMode: 'Auto', State: 'Running' },
      ...{ PathName: 'C:\\Windows\\System32\\spoolsv.exe', StartName: 'LocalSystem' },
    },
    {
      ...{ kind: 'scheduled-task', TaskPath: '\\', TaskName: 'Updater', Author: 'BROKER\\ana', UserId: 'SYSTEM' },
      ...{ RunLevel: 'Highest', Actions: ['C:\\Temp\\u.exe /q'], Enabled: true, State: 'Ready' },
    },
    {
      ...{ kind: 'startup-command', Location: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run', Name: 'Odd' },
      ...{ User: 'Public', Command: 'C:\\Users\\Public\\odd.exe' },
    },
    {
      ...{
        kind: 'wmi-consumer',
        Class: 'CommandLineEventConsumer',
        Name: 'Odd',
        Command: 'cmd.exe /c C:\\Temp\\o.bat',
      },
    },
    { kind: 'not-looked', command: 'Get-ScheduledTask', why: 'Access is denied.' },
  ],
  'network-setting': [
    { kind: 'dns-server', InterfaceAlias: 'Ethernet', AddressFamily: '2', ServerAddresses: ['192.0.2.53'] },
    { kind: 'firewall-profile', Name: 'Public', Enabled: 'True', DefaultInboundAction: 'Block' },
    { kind: 'share', Name: 'ADMIN$', Path: 'C:\\Windows', Description: 'Remote Admin' },
    {
      kind: 'smb-session',
      SessionId: '7',
      ClientComputerName: '198.51.100.9',
      ClientUserName: 'BROKER\\ana',
      NumOpens: 2,
    },
    { kind: 'dns-cache', Entry: 'ace.example', Type: '1', Data: '203.0.113.9' },
  ],
  protection: [
    {
      ...{ kind: 'antivirus', Name: 'Microsoft Defender', AMServiceEnabled: true, RealTimeProtectionEnabled: false },
      ...{ AntivirusSignatureVersion: '1.403.1.0', AntivirusSignatureLastUpdated: started },
    },
    { kind: 'volume-encryption', Name: 'C:', VolumeStatus: 'FullyEncrypted', ProtectionStatus: 'On' },
    {
      ...{ kind: 'audit-policy', Name: 'Logon', SubcategoryGuid: '{0CCE9215-69AE-11D9-BED3-505054503030}' },
      ...{ PolicyTarget: 'System', InclusionSetting: 'Success and Failure' },
    },
    {
      ...{ kind: 'certificate', Store: 'Root', Thumbprint: 'AB'.repeat(20), Name: 'CN=A', Issuer: 'CN=A' },
      ...{ SerialNumber: '01', NotBefore: started, NotAfter: started, HasPrivateKey: false },
    },
  ],
  kernel: [
    {
      ...{ kind: 'driver', Name: 'ACPI', DisplayName: 'Microsoft ACPI Driver', StartMode: 'Boot', State: 'Running' },
      ...{ PathName: 'C:\\Windows\\System32\\drivers\\ACPI.sys' },
    },
  ],
} as const satisfies Readonly<Record<string, readonly object[]>>

/** The same as records. */
export const windowsRecords: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(windowsRows).map(([id, rows]) => [id, rows.map((row) => JSON.stringify(row))]),
)
