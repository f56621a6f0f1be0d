import type { Host } from '../../host.ts'
import { addAnswer, linesFrom } from '../answer.ts'
import type { LastingTable } from '../lasting-table.ts'
import { hashOfProgram } from '../program-of-mac.ts'
import { isProperties, type Properties, plain, readProperties, readProperty } from '../property-list.ts'
import { seeFile } from '../system-file.ts'
import { pathsIn } from './folder.ts'

const folders = ['/Library/LaunchDaemons', '/Library/LaunchAgents']
const mostHomes = 500
const most = { arguments: 200, characters: 4_000 }
/** What makes launchd start a job (launchd.plist(5)). */
const reasons = [
  ...['Disabled', 'RunAtLoad', 'KeepAlive', 'StartInterval', 'StartCalendarInterval', 'StartOnMount', 'WatchPaths'],
  ...['QueueDirectories', 'Sockets', 'MachServices', 'LimitLoadToSessionType'],
]
/** Files and folders of which each file is run, or read by what runs. */
const places = {
  files: ['/etc/rc.common', '/etc/periodic.conf', '/etc/periodic.conf.local', '/etc/launchd.conf'],
  folders: [
    ...['daily', 'weekly', 'monthly'].flatMap((often) => [
      `/etc/periodic/${often}`,
      `/usr/local/etc/periodic/${often}`,
    ]),
    ...['/etc/emond.d/rules', '/Library/StartupItems', '/Library/Security/SecurityAgentPlugins'],
  ],
}

/** Jobs of launchd that were brought to this Mac, for all and for single accounts, each with the digest of its program. */
export async function addLaunchdJobs(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const homes = (await host.list('/Users')).sort().slice(0, mostHomes)
  for (const folder of [...folders, ...homes.map((name) => `/Users/${name}/Library/LaunchAgents`)])
    for await (const path of pathsIn(host, table, folder)) {
      if (signal.aborted) return
      await addJob(host, table, { path, signal })
    }
}

async function addJob(
  host: Host,
  table: LastingTable,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<void> {
  const file = await seeFile(host, path)
  if (file === undefined) return
  const found = await readProperties(host, file.path, signal)
  if ('why' in found) return table.add({ kind: 'launchd-job', path }, { ...file.about, ...found })
  const job = sayJob(found.properties)
  const program = job.program ?? job.run[0]
  const hash = program === undefined ? undefined : await hashOfProgram(host, program)
  const programHash = hash && ('why' in hash ? { programWhy: hash.why } : { programSha256: hash.sha256 })
  table.add({ kind: 'launchd-job', path }, { ...file.about, ...job, ...programHash })
}

/** Of the environment the names, and what has other code loaded: other values may be secrets. */
function sayJob(job: Properties) {
  const run = Array.isArray(job.ProgramArguments) ? job.ProgramArguments.slice(0, most.arguments) : []
  const variables = isProperties(job.EnvironmentVariables) ? Object.entries(job.EnvironmentVariables) : []
  const [program, label, runsAs] = [textOf(job.Program ?? job.BundleProgram), textOf(job.Label), textOf(job.UserName)]
  return {
    ...(label !== undefined && { label }),
    ...(program !== undefined && { program }),
    ...(runsAs !== undefined && { runsAs }),
    run: run.map((word) => `${plain(word) ?? ''}`),
    when: reasons.flatMap((name) => (job[name] === undefined ? [] : [`${name}=${short(job[name])}`])),
    environment: variables
      .slice(0, most.arguments)
      .map(([name, value]) => (/^(?:DYLD_\w+|PATH)$/.test(name) ? `${name}=${short(value)}` : name)),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, most.characters) : undefined
}

function short(value: unknown): string {
  return (JSON.stringify(value) ?? '').slice(0, most.characters)
}

/** What launchd has loaded now, and what somebody switched off (launchctl(1)). */
export async function addLoadedJobs(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  for (const line of await linesFrom(host, table, { command: ['launchctl', 'list'], signal })) {
    const [pid, status, label] = line.split('\t')
    // A job of an application has a number in its label that is another one each time.
    if (label === undefined || label === 'Label' || label.startsWith('application.')) continue
    table.add({ kind: 'launchd-loaded', label: label.slice(0, 1_000) }, {}, { pid, status })
  }
  await addAnswer(host, table, { command: ['launchctl', 'print-disabled', 'system'], signal })
}

/** Programs that run as root whenever somebody signs in or out, where an administrator named some (MITRE ATT&CK T1037.002). */
export async function addLoginHooks(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  for (const folder of ['/Library/Preferences', '/var/root/Library/Preferences'])
    for (const key of ['LoginHook', 'LogoutHook']) {
      const path = `${folder}/com.apple.loginwindow.plist`
      const value = await readProperty(host, { path, key, as: 'xml1' }, signal)
      const [, text] = /<string>([^<]{1,4000})<\/string>/.exec(value ?? '') ?? []
      if (text !== undefined) table.add({ kind: 'login-hook', path, key }, { text })
    }
}

/** Background items and login items of every account (macOS 13 and later). */
export async function addBackgroundItems(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  await addAnswer(host, table, { command: ['sfltool', 'dumpbtm'], signal })
}

export async function addMacosPlaces(host: Host, table: LastingTable): Promise<void> {
  for (const path of places.files) await addHook(host, table, path)
  for (const folder of places.folders)
    for await (const path of pathsIn(host, table, folder)) await addHook(host, table, path)
}

async function addHook(host: Host, table: LastingTable, path: string): Promise<void> {
  const file = await seeFile(host, path)
  if (file !== undefined) table.add({ kind: 'hook', path }, file.about)
}
