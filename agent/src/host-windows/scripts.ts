import type { Script } from '../host.ts'

/**
 * What PowerShell is asked, and nothing else: whole texts of our own, into which nothing that a machine says is ever
 * put. Each gives objects, one a row; T writes an instant as RFC 3339, R makes a row of a command that failed.
 * Names of classes and properties: learn.microsoft.com, "Win32_Process", "Get-NetTCPConnection", "Get-LocalUser",
 * "Get-HotFix", "IUpdateSearcher", "Win32_Service", "Get-ScheduledTask", "Win32_StartupCommand", "Win32_SystemDriver".
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

export const scripts: Readonly<Record<Script, string>> = { processes, sockets, accounts, software, autoruns, drivers }

/** PowerShell that reads its commands from a pipe takes a line for a whole command. */
function line(...statements: string[]): string {
  return statements.join('; ')
}
