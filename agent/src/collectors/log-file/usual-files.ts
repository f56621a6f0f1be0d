import { join } from 'node:path'
import { isRotatedName } from '../../follow/rotated.ts'
import type { FileStat, Host } from '../../host.ts'

/** Logs of the system itself, as Debian, Ubuntu, RHEL and SUSE call them. */
const files = [
  'auth.log',
  'secure',
  'syslog',
  'messages',
  'kern.log',
  'dpkg.log',
  'apt/history.log',
  'audit/audit.log',
].map((name) => join('/var/log', name))
/** Folders of web servers and databases, which call their logs as they like. */
const folders = [
  ...['nginx', 'apache2', 'httpd', 'postgresql', 'mysql', 'mariadb'].map((name) => join('/var/log', name)),
  '/var/lib/pgsql/data/log',
]
const isLog = /(\.log|_log)$/
/** Of each folder, the files that changed last: a server of many sites has a log for each. */
const mostOfFolder = 100
const mostLooked = 1_000

/** The log files of this machine that are followed without being named. Rotated ones belong to the file they were. */
export async function usualFiles(host: Pick<Host, 'list' | 'stat'>): Promise<string[]> {
  const found: string[] = []
  for (const path of files) if ((await host.stat(path)) !== undefined) found.push(path)
  for (const folder of folders) found.push(...(await logsIn(host, folder)))
  return found
}

async function logsIn(host: Pick<Host, 'list' | 'stat'>, folder: string): Promise<string[]> {
  const names = (await host.list(folder)).filter((name) => isLog.test(name)).slice(0, mostLooked)
  const bases = new Set(names)
  const own = names.filter((name) => !isRotationOf(name, bases))
  if (own.length <= mostOfFolder) return own.map((name) => join(folder, name))
  const seen: { path: string; stat: FileStat }[] = []
  for (const name of own) {
    const path = join(folder, name)
    const stat = await host.stat(path)
    if (stat !== undefined) seen.push({ path, stat })
  }
  seen.sort((a, b) => Number(b.stat.modifiedNs - a.stat.modifiedNs))
  return seen.slice(0, mostOfFolder).map(({ path }) => path)
}

/** `access-20261124.log` beside `access.log`. */
function isRotationOf(name: string, bases: ReadonlySet<string>): boolean {
  const mark = /[.-][0-9][0-9.:_TZ-]*(?=[._]log$)/.exec(name)
  if (mark === null) return false
  const base = name.slice(0, mark.index) + name.slice(mark.index + mark[0].length)
  return bases.has(base) && isRotatedName(name, base)
}
