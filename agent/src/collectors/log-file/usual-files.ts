import { posix, win32 } from 'node:path'
import { isRotatedName } from '../../follow/rotated.ts'
import type { FileStat, Host } from '../../host.ts'
import { windowsFiles, windowsFolders } from './windows-files.ts'

/** Logs of the system itself, as Debian, Ubuntu, RHEL, SUSE and macOS call them. */
const files = [
  'auth.log',
  'secure',
  'syslog',
  'messages',
  'kern.log',
  'dpkg.log',
  'apt/history.log',
  'audit/audit.log',
  ...['install.log', 'system.log', 'appfirewall.log', 'wifi.log'],
].map((name) => posix.join('/var/log', name))
/** Folders of web servers and databases, which call their logs as they like. */
const folders = [
  ...['nginx', 'apache2', 'httpd', 'postgresql', 'mysql', 'mariadb'].map((name) => posix.join('/var/log', name)),
  '/var/lib/pgsql/data/log',
]
const isLog = /(\.log|_log)$/
/** Of each folder, the files that changed last: a server of many sites has a log for each. */
export const mostOfFolder = 100
const mostLooked = 1_000

export interface UsualFiles {
  paths: string[]
  /** Folders with more logs than are followed, and how many are not. */
  leftOut: ReadonlyMap<string, number>
}

type Machine = Pick<Host, 'platform' | 'list' | 'stat'>

/** The log files of this machine that are followed without being named. Rotated ones belong to the file they were. */
export async function usualFiles(host: Machine): Promise<UsualFiles> {
  const paths: string[] = []
  const leftOut = new Map<string, number>()
  const isWindows = host.platform === 'win32'
  for (const path of isWindows ? windowsFiles : files) if ((await host.stat(path)) !== undefined) paths.push(path)
  for (const folder of isWindows ? await windowsFolders(host) : folders) {
    const own = await logsIn(host, folder)
    const followed = await newestOf(host, own)
    paths.push(...followed)
    if (own.length > followed.length) leftOut.set(folder, own.length - followed.length)
  }
  return { paths, leftOut }
}

async function logsIn(host: Machine, folder: string): Promise<string[]> {
  const names = (await host.list(folder)).filter((name) => isLog.test(name))
  const bases = new Set(names)
  return names.filter((name) => !isRotationOf(name, bases)).map((name) => pathOf(host, folder, name))
}

async function newestOf(host: Pick<Host, 'stat'>, paths: string[]): Promise<string[]> {
  if (paths.length <= mostOfFolder) return paths
  const seen: { path: string; stat: FileStat }[] = []
  for (const path of paths.slice(0, mostLooked)) {
    const stat = await host.stat(path)
    if (stat !== undefined) seen.push({ path, stat })
  }
  seen.sort((a, b) => Number(b.stat.modifiedNs - a.stat.modifiedNs))
  return seen.slice(0, mostOfFolder).map(({ path }) => path)
}

function pathOf({ platform }: Machine, folder: string, name: string): string {
  return platform === 'win32' ? win32.join(folder, name) : posix.join(folder, name)
}

/** `access-20261124.log` beside `access.log`. */
function isRotationOf(name: string, bases: ReadonlySet<string>): boolean {
  const mark = /[.-][0-9][0-9.:_TZ-]*(?=[._]log$)/.exec(name)
  if (mark === null) return false
  const base = name.slice(0, mark.index) + name.slice(mark.index + mark[0].length)
  return bases.has(base) && isRotatedName(name, base)
}
