import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { toNanoTime } from '../system-file.ts'

const lists = '/var/lib/apt/lists'
const limit = 4 * 1024 * 1024
/** Nothing is written, no lock is taken and no cache is kept. */
const simulation = [
  '-s',
  '-q',
  '-o',
  'Debug::NoLocking=true',
  '-o',
  'Dir::Cache::pkgcache=',
  '-o',
  'Dir::Cache::srcpkgcache=',
]

/** What apt-get would upgrade by the lists that lie on the disk, and when the newest of them was made. */
export async function addUpdates(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const releases = (await host.list(lists)).filter((name) => name.endsWith('Release'))
  const facts = await Promise.all(releases.map((name) => host.facts(`${lists}/${name}`)))
  const times = facts.flatMap((each) => (each === undefined ? [] : [each.modifiedNs]))
  const [newest] = times.sort((a, b) => Number(b - a))
  table.add(
    { kind: 'package-lists', manager: 'apt' },
    { lists: times.length, ...(newest !== undefined && { newest: toNanoTime(newest) }) },
  )
  if (times.length === 0) return
  const answer = await host.ask('apt-get', [...simulation, 'dist-upgrade'], { limit, signal })
  if ('why' in answer) return table.add({ kind: 'not-looked', command: 'apt-get' }, answer)
  for (const line of answer.toString().split('\n')) {
    const update = parseUpdate(line)
    if (update !== undefined) table.add({ kind: 'update', name: update.name }, update)
  }
}

/** `Inst base-files [12.4+deb12u11] (12.4+deb12u15 Debian:12.15/oldstable [amd64])`; a new package has no first version. */
export function parseUpdate(line: string) {
  const [, name, , installed, candidate, origin = '', architecture] =
    /^Inst (\S+) (\[(\S+)\] )?\((\S+)(?: (.{1,500}))? \[(\w+)\]\)/.exec(line) ?? []
  if (name === undefined || candidate === undefined) return undefined
  return { name, ...(installed !== undefined && { installed }), candidate, origin, architecture }
}
