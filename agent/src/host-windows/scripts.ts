import type { Script } from '../host.ts'

/**
 * What PowerShell is asked, and nothing else: whole texts of our own, into which nothing that a machine says is ever
 * put. Each gives objects, one a row; T writes an instant as RFC 3339, R makes a row of a command that failed.
 * Names of classes and properties: learn.microsoft.com, "Win32_Process", "Get-NetTCPConnection", "Get-LocalUser",
 * "Get-HotFix", "IUpdateSearcher", "Win32_Service", "Get-ScheduledTask", "Win32_StartupCommand", "Win32_SystemDriver",
 * "Get-NetFirewallProfile", "Get-SmbSession", "Get-DnsClientCache", "Get-MpComputerStatus", "Get-BitLockerVolume",
 * "auditpol get", "Win32_ShadowCopy", "Get-WBSummary".
 */
export const prologue = line(
  "$ProgressPreference = 'SilentlyContinue'",
  "$WarningPreference = 'SilentlyContinue'",
  '[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false',
  "function T($d) { if ($d) { ([datetime]$d).ToUniversalTime().ToString('o') } }",
  "function R($command, $block) { $ErrorActionPreference = 'Stop'; try { & $block } catch { [pscustomobject]@{ kind = 'not-looked'; command = $command; why = \"$($_.Exception.Message)\" } } }",
)

const processes = line(
  '$users = @{}',
  'Get-Process -IncludeUserName -ErrorAction SilentlyContinue | ForEach-Object { $users[[int]$_.Id] = $_.UserName }',
  'Get-CimInstance Win32_Process | ForEach-Object { [pscustomobject]@{ ProcessId = $_.ProcessId; ParentProcessId = $_.ParentProcessId; Name = $_.Name; ExecutablePath = $_.ExecutablePath; CommandLine = $_.CommandLine; CreationDate = (T $_.CreationDate); SessionId = $_.SessionId; UserName = $users[[int]$_.ProcessId] } }',
)

const sockets = line(
  'Get-NetTCPConnection -ErrorAction Stop | ForEach-Object { [pscustomobject]@{ Protocol = \'tcp\'; LocalAddress = $_.LocalAddress; LocalPort = $_.LocalPort; RemoteAddress = $_.RemoteAddress; RemotePort = $_.RemotePort; State = "$($_.State)"; OwningProcess = $_.OwningProcess; CreationTime = (T $_.CreationTime) } }',
  "Get-NetUDPEndpoint -ErrorAction Stop | ForEach-Object { [pscustomobject]@{ Protocol = 'udp'; LocalAddress = $_.LocalAddress; LocalPort = $_.LocalPort; OwningProcess = $_.OwningProcess; CreationTime = (T $_.CreationTime) } }",
)

const accounts = line(
  "R 'Get-LocalUser' { Get-LocalUser | ForEach-Object { [pscustomobject]@{ kind = 'local-user'; Name = $_.Name; SID = \"$($_.SID)\"; FullName = $_.FullName; Description = $_.Description; Enabled = $_.Enabled; PasswordRequired = $_.PasswordRequired; PasswordLastSet = (T $_.PasswordLastSet); PasswordExpires = (T $_.PasswordExpires); AccountExpires = (T $_.AccountExpires); LastLogon = (T $_.LastLogon) } } }",
  'R \'Get-LocalGroup\' { Get-LocalGroup | ForEach-Object { $group = $_; $members = @(Get-LocalGroupMember -SID $group.SID -ErrorAction SilentlyContinue | ForEach-Object { "$($_.Name) $($_.SID)" }); [pscustomobject]@{ kind = \'local-group\'; Name = $group.Name; SID = "$($group.SID)"; Description = $group.Description; Members = $members } } }',
)

const software = line(
  'R \'Uninstall\' { \'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\*\', \'HKLM:\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\*\' | Where-Object { Test-Path $_ } | ForEach-Object { Get-ItemProperty $_ } | Where-Object { $_.DisplayName } | ForEach-Object { [pscustomobject]@{ kind = \'program\'; Key = $_.PSChildName; DisplayName = "$($_.DisplayName)"; DisplayVersion = "$($_.DisplayVersion)"; Publisher = "$($_.Publisher)"; InstallDate = "$($_.InstallDate)" } } }',
  "R 'Get-HotFix' { Get-HotFix | ForEach-Object { [pscustomobject]@{ kind = 'hotfix'; HotFixID = $_.HotFixID; Description = $_.Description; InstalledOn = (T $_.InstalledOn) } } }",
  "R 'Microsoft.Update.Searcher' { $searcher = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher(); $searcher.Online = $false; $searcher.Search('IsInstalled=0 and IsHidden=0').Updates | ForEach-Object { [pscustomobject]@{ kind = 'waiting-update'; UpdateID = $_.Identity.UpdateID; Title = $_.Title; KBArticleIDs = @($_.KBArticleIDs); MsrcSeverity = $_.MsrcSeverity } } }",
)

const autoruns = line(
  "R 'Win32_Service' { Get-CimInstance Win32_Service | ForEach-Object { [pscustomobject]@{ kind = 'service'; Name = $_.Name; DisplayName = $_.DisplayName; StartMode = $_.StartMode; PathName = $_.PathName; StartName = $_.StartName; State = $_.State } } }",
  'R \'Get-ScheduledTask\' { Get-ScheduledTask | ForEach-Object { [pscustomobject]@{ kind = \'scheduled-task\'; TaskPath = $_.TaskPath; TaskName = $_.TaskName; Author = $_.Author; UserId = $_.Principal.UserId; RunLevel = "$($_.Principal.RunLevel)"; Actions = @($_.Actions | ForEach-Object { if ($_.Execute) { "$($_.Execute) $($_.Arguments)".Trim() } else { "$($_.ClassId)" } }); Enabled = $_.Settings.Enabled; State = "$($_.State)" } } }',
  "R 'Win32_StartupCommand' { Get-CimInstance Win32_StartupCommand | ForEach-Object { [pscustomobject]@{ kind = 'startup-command'; Location = $_.Location; Name = $_.Name; User = $_.User; Command = $_.Command } } }",
  "R 'Winlogon' { $key = Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon'; 'Shell', 'Userinit' | ForEach-Object { [pscustomobject]@{ kind = 'startup-command'; Location = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon'; Name = $_; Command = \"$($key.$_)\" } } }",
  "R '__EventConsumer' { Get-CimInstance -Namespace root/subscription -ClassName __EventConsumer | ForEach-Object { [pscustomobject]@{ kind = 'wmi-consumer'; Class = $_.CimClass.CimClassName; Name = $_.Name; Command = \"$($_.CommandLineTemplate)$($_.ExecutablePath)$($_.ScriptText)\" } } }",
)

const drivers = line(
  "R 'Win32_SystemDriver' { Get-CimInstance Win32_SystemDriver | ForEach-Object { [pscustomobject]@{ kind = 'driver'; Name = $_.Name; DisplayName = $_.DisplayName; PathName = $_.PathName; StartMode = $_.StartMode; State = $_.State } } }",
)

const networkSettings = line(
  "R 'Get-DnsClientServerAddress' { Get-DnsClientServerAddress | Where-Object { $_.ServerAddresses } | ForEach-Object { [pscustomobject]@{ kind = 'dns-server'; InterfaceAlias = $_.InterfaceAlias; AddressFamily = \"$($_.AddressFamily)\"; ServerAddresses = @($_.ServerAddresses) } } }",
  "R 'Get-NetRoute' { Get-NetRoute | ForEach-Object { [pscustomobject]@{ kind = 'windows-route'; DestinationPrefix = $_.DestinationPrefix; NextHop = $_.NextHop; InterfaceAlias = $_.InterfaceAlias; RouteMetric = $_.RouteMetric } } }",
  'R \'Get-NetFirewallProfile\' { Get-NetFirewallProfile | ForEach-Object { [pscustomobject]@{ kind = \'firewall-profile\'; Name = $_.Name; Enabled = "$($_.Enabled)"; DefaultInboundAction = "$($_.DefaultInboundAction)"; DefaultOutboundAction = "$($_.DefaultOutboundAction)"; LogBlocked = "$($_.LogBlocked)"; LogFileName = $_.LogFileName } } }',
  "R 'Get-NetFirewallRule' { Get-NetFirewallRule -Enabled True | Group-Object Direction, Action | ForEach-Object { [pscustomobject]@{ kind = 'firewall-rules'; Name = $_.Name; Count = $_.Count } } }",
  "R 'Get-SmbShare' { Get-SmbShare | ForEach-Object { [pscustomobject]@{ kind = 'share'; Name = $_.Name; Path = $_.Path; Description = $_.Description } } }",
  "R 'Get-SmbSession' { Get-SmbSession | ForEach-Object { [pscustomobject]@{ kind = 'smb-session'; SessionId = \"$($_.SessionId)\"; ClientComputerName = $_.ClientComputerName; ClientUserName = $_.ClientUserName; NumOpens = $_.NumOpens } } }",
  'R \'Get-DnsClientCache\' { Get-DnsClientCache | Select-Object -First 5000 | ForEach-Object { [pscustomobject]@{ kind = \'dns-cache\'; Entry = $_.Entry; Type = "$($_.Type)"; Data = "$($_.Data)" } } }',
)

/** Of a volume that is encrypted only the state: its key protectors hold the recovery password. */
const protection = line(
  "R 'Get-MpComputerStatus' { Get-MpComputerStatus | ForEach-Object { [pscustomobject]@{ kind = 'antivirus'; Name = 'Microsoft Defender'; AMServiceEnabled = $_.AMServiceEnabled; AntivirusEnabled = $_.AntivirusEnabled; RealTimeProtectionEnabled = $_.RealTimeProtectionEnabled; IsTamperProtected = $_.IsTamperProtected; AntivirusSignatureVersion = $_.AntivirusSignatureVersion; AntivirusSignatureLastUpdated = (T $_.AntivirusSignatureLastUpdated) } } }",
  'R \'Get-BitLockerVolume\' { Get-BitLockerVolume | ForEach-Object { [pscustomobject]@{ kind = \'volume-encryption\'; Name = $_.MountPoint; VolumeStatus = "$($_.VolumeStatus)"; ProtectionStatus = "$($_.ProtectionStatus)"; EncryptionMethod = "$($_.EncryptionMethod)" } } }',
  "R 'w32tm' { [pscustomobject]@{ kind = 'time-source'; Name = \"$(w32tm /query /source)\".Trim() } }",
  "R 'auditpol' { auditpol /get /category:* /r | Where-Object { $_ } | Select-Object -Skip 1 | ConvertFrom-Csv -Header MachineName, PolicyTarget, Subcategory, SubcategoryGuid, InclusionSetting, ExclusionSetting | ForEach-Object { [pscustomobject]@{ kind = 'audit-policy'; Name = $_.Subcategory; SubcategoryGuid = $_.SubcategoryGuid; PolicyTarget = $_.PolicyTarget; InclusionSetting = $_.InclusionSetting; ExclusionSetting = $_.ExclusionSetting } } }",
  "R 'Certificates' { 'Root', 'CA', 'My', 'TrustedPublisher' | ForEach-Object { $store = $_; Get-ChildItem \"Cert:\\LocalMachine\\$store\" | ForEach-Object { [pscustomobject]@{ kind = 'certificate'; Store = $store; Thumbprint = $_.Thumbprint; Name = $_.Subject; Issuer = $_.Issuer; SerialNumber = $_.SerialNumber; NotBefore = (T $_.NotBefore); NotAfter = (T $_.NotAfter); HasPrivateKey = $_.HasPrivateKey } } } }",
  "R 'Win32_ShadowCopy' { Get-CimInstance Win32_ShadowCopy | ForEach-Object { [pscustomobject]@{ kind = 'shadow-copy'; Name = $_.ID; VolumeName = $_.VolumeName; InstallDate = (T $_.InstallDate) } } }",
  "if (Get-Command Get-WBSummary -ErrorAction SilentlyContinue) { R 'Get-WBSummary' { Get-WBSummary | ForEach-Object { [pscustomobject]@{ kind = 'backup'; Name = 'Windows Server Backup'; LastSuccessfulBackupTime = (T $_.LastSuccessfulBackupTime); LastBackupResultHR = $_.LastBackupResultHR; NumberOfVersions = $_.NumberOfVersions } } } }",
)

export const scripts: Readonly<Record<Script, string>> = {
  ...{ processes, sockets, accounts, software, autoruns, drivers },
  'network-settings': networkSettings,
  protection,
}

/** PowerShell that reads its commands from a pipe takes a line for a whole command. */
function line(...statements: string[]): string {
  return statements.join('; ')
}
