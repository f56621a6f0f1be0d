import type { Acquirer, LeftOut } from './acquirer.ts'
import { expand } from './glob.ts'
import { homesOf } from './homes.ts'
import { readFile } from './read-file.ts'

const homeWord = '%%users.homedir%%'

/** The files of named sets, each once, whatever number of sets name it. */
export const artifactSet: Acquirer<'artifact-set'> = {
  kind: 'artifact-set',
  platforms: ['linux'],
  provenOn: ['Debian GNU/Linux 12, ext4 and tmpfs'],
  async *acquire({ sets }, acquiring) {
    const seen = new Set<string>()
    const homes = await homesOf(acquiring.host)
    if (homes === undefined) yield { path: '/etc/passwd', why: 'cannot be read: no home is known' }
    const paths = sets.flatMap((set) => set.paths.flatMap((path) => withHomes(path, homes ?? [])))
    for (const path of paths)
      for await (const found of isPath(path) ? expand(path, acquiring) : [notUsable(path)])
        if (typeof found !== 'string') yield found
        else if (!seen.has(found)) {
          seen.add(found)
          yield await readFile(found, acquiring)
        }
  },
}

function isPath(path: string): boolean {
  return path.startsWith('/') && !path.includes('%%')
}

function notUsable(path: string): LeftOut {
  return { path, why: 'not-usable: no path of this system' }
}

function withHomes(path: string, homes: readonly string[]): string[] {
  return path.startsWith(`${homeWord}/`) ? homes.map((home) => `${home}${path.slice(homeWord.length)}`) : [path]
}
