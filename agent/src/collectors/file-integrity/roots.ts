import { basename, dirname } from 'node:path'
import type { Host } from '../../host.ts'

/** What decides who gets in and what runs: settings, programs, units, boot, and what a web server gives out. */
const usual = [
  ...['/etc', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/usr/lib/systemd', '/boot', '/root/.ssh'],
  ...['/var/www', '/srv/www', '/usr/share/nginx/html'],
]
const keyFiles = ['authorized_keys', 'authorized_keys2', 'rc', 'environment']
/** System accounts have no home that somebody signs in to, but for root, which is in the list. */
const leastUid = 1_000
const mostHomes = 1_000

/** A place that is looked at: a folder with all below it, or one file. */
export interface Root {
  path: string
  folder: string
  name: string
}

/** The places that were configured, or the usual ones. One that lies within another is none of its own. */
export function rootsOf(host: Host, configured: readonly string[] | undefined): Root[] {
  const paths = configured ?? [...usual, ...keyFilesOf(host)]
  const plain = [...new Set(paths.map((path) => path.replace(/\/+$/, '')))].filter((path) => path !== '')
  const known = new Set(plain)
  return plain
    .filter((path) => !parentsOf(path).some((parent) => known.has(parent)))
    .map((path) => ({ path, folder: dirname(path), name: basename(path) }))
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(1, -1)
  return parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`)
}

function keyFilesOf(host: Host): string[] {
  const lines = host.readNow('/etc/passwd')?.toString().split('\n') ?? []
  const homes = lines.flatMap((line) => {
    const [, , uid, , , home = ''] = line.split(':')
    return Number(uid) >= leastUid && home.startsWith('/') && home !== '/' && home !== '/nonexistent' ? [home] : []
  })
  return homes.slice(0, mostHomes).flatMap((home) => keyFiles.map((name) => `${home}/.ssh/${name}`))
}
