import type { Key } from '../key.ts'
import type { Value } from '../value.ts'
import { controlSet, type Fact, type Meaning, software } from './meaning.ts'
import { programOf } from './program.ts'

/** Values that name what Windows starts by itself, or loads into what it starts. */
interface AutorunPlace {
  paths: readonly string[]
  /** All values, or those of these names. */
  values: 'all' | readonly string[]
  /** When or by what it is started, behind `is started`. */
  by: string
  /** Files stand side by side in one text. */
  isList?: true
}

const windowsNt = (path: string) => software(`Microsoft\\Windows NT\\CurrentVersion\\${path}`)
const windows = (path: string) => software(`Microsoft\\Windows\\CurrentVersion\\${path}`)

/** Keys as ForensicArtifacts lists them (`windows.yaml`, "WindowsRunKeys" and others) and as Autoruns shows them. */
const places: readonly AutorunPlace[] = [
  {
    paths: [...windows('Run'), ...windows('RunServices'), ...windows('Policies\\Explorer\\Run')],
    values: 'all',
    by: 'at every sign-in',
  },
  {
    paths: ['RunOnce', 'RunOnce\\Setup', 'RunOnceEx', 'RunOnceEx\\*', 'RunServicesOnce'].flatMap(windows),
    values: 'all',
    by: 'at the next sign-in',
  },
  {
    paths: ['Run', 'RunOnce', 'RunOnceEx'].flatMap((name) =>
      windowsNt(`Terminal Server\\Install\\Software\\Microsoft\\Windows\\CurrentVersion\\${name}`),
    ),
    values: 'all',
    by: 'at every sign-in over Remote Desktop',
  },
  {
    paths: windowsNt('Winlogon'),
    values: ['Shell', 'Userinit', 'Taskman', 'System', 'VmApplet', 'GinaDLL', 'AppSetup', 'UIHost'],
    by: 'by Winlogon',
  },
  { paths: windowsNt('Winlogon\\Notify\\*'), values: ['DLLName'], by: 'by Winlogon' },
  { paths: windowsNt('Windows'), values: ['Load', 'Run'], by: 'at every sign-in' },
  { paths: windowsNt('Windows'), values: ['AppInit_DLLs'], by: 'by every program with windows', isList: true },
  {
    paths: windowsNt('Image File Execution Options\\*'),
    values: ['Debugger', 'VerifierDlls'],
    by: 'at the start of the program that the key is named after',
  },
  {
    paths: windowsNt('SilentProcessExit\\*'),
    values: ['MonitorProcess'],
    by: 'at the end of the program that the key is named after',
  },
  { paths: software('Microsoft\\Command Processor'), values: ['AutoRun'], by: 'by every command prompt' },
  {
    paths: software('Microsoft\\Active Setup\\Installed Components\\*'),
    values: ['StubPath'],
    by: 'at the first sign-in',
  },
  { paths: windows('ShellServiceObjectDelayLoad'), values: 'all', by: 'by the desktop' },
  { paths: [controlSet('Control\\Session Manager\\AppCertDlls')], values: 'all', by: 'by every program' },
  {
    paths: [controlSet('Control\\Session Manager')],
    values: ['BootExecute', 'SetupExecute', 'Execute', 'S0InitialCommand'],
    by: 'by the session manager at boot',
  },
  {
    paths: [controlSet('Control\\Lsa'), controlSet('Control\\Lsa\\OSConfig')],
    values: ['Authentication Packages', 'Notification Packages', 'Security Packages'],
    by: 'by the process that checks passwords (LSASS)',
  },
  { paths: [controlSet('Control\\Print\\Monitors\\*')], values: ['Driver'], by: 'by the print spooler' },
  { paths: [controlSet('Control\\SafeBoot')], values: ['AlternateShell'], by: 'in safe mode with command prompt' },
  {
    paths: [controlSet('Control\\Terminal Server\\WinStations\\RDP-Tcp')],
    values: ['InitialProgram'],
    by: 'at every sign-in over Remote Desktop',
  },
  { paths: ['HKCU\\Environment'], values: ['UserInitMprLogonScript'], by: 'at every sign-in' },
  { paths: ['HKCU\\Control Panel\\Desktop'], values: ['SCRNSAVE.EXE'], by: 'as the screen saver' },
  {
    paths: ['HKCU\\Software\\Classes\\CLSID\\*\\InprocServer32', 'HKCU\\Software\\Classes\\CLSID\\*\\LocalServer32'],
    values: [''],
    by: 'by what asks for this class, for this user alone',
  },
]

export const autoruns: readonly Meaning[] = places.map((place) => ({
  paths: place.paths,
  read: (key) => key.values.flatMap((value) => (isAsked(place, value) ? factsOf(key, value, place) : [])),
}))

function isAsked({ values }: AutorunPlace, { name }: Value): boolean {
  return values === 'all' || values.some((asked) => asked.toLowerCase() === name.toLowerCase())
}

function factsOf(key: Key, value: Value, { by, isList }: AutorunPlace): Fact[] {
  const texts = key.stringsOf(value).filter((text) => text.trim() !== '')
  const commands = isList === true ? texts.flatMap((text) => text.split(/[\s,]+/)).filter((text) => text !== '') : texts
  return commands.slice(0, 100).map((command): Fact => {
    const path = programOf(command)
    return {
      of: 'entry',
      action: 'autorun-found',
      says: `${command.slice(0, 300)} is started ${by}`,
      value: value.name,
      data: [command.slice(0, 1024)],
      ...(path !== undefined && { fields: { file: { path: path.slice(0, 1024) } } }),
      more: { started: by },
    }
  })
}
