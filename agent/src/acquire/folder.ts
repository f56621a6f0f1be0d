import { join } from 'node:path'
import { allowancesFor } from '@tidewaiter/protocol'
import type { Acquired, Acquirer, Acquiring } from './acquirer.ts'
import { readFile } from './read-file.ts'

/** All files under a folder, on its own volume, the folders in the order of their names. */
export const folder: Acquirer<'folder'> = {
  kind: 'folder',
  platforms: ['linux'],
  provenOn: ['Debian GNU/Linux 12, ext4 and tmpfs'],
  async *acquire({ path }, acquiring) {
    const root = path === '/' ? path : path.replace(/\/+$/, '')
    const facts = await acquiring.host.facts(root)
    if (facts?.kind !== 'folder')
      yield { path: root, why: facts === undefined ? 'missing' : `${facts.kind}, no folder` }
    else yield* walk(root, { acquiring, depth: 0, dev: (await acquiring.host.stat(root))?.dev })
  },
}

/** As many names as a host lists at most: there may be more. */
const mostNames = 10_000

interface Walk {
  acquiring: Acquiring
  depth: number
  dev: string | undefined
}

async function* walk(path: string, { acquiring, depth, dev }: Walk): AsyncIterable<Acquired> {
  const { host, limits, signal, pace } = acquiring
  await pace()
  signal.throwIfAborted()
  const names = (await host.names(path))?.sort()
  if (names === undefined) return yield { path, why: 'not-permitted' }
  if (names.length >= mostNames) yield { path, why: `too-many-names: the first ${mostNames} are looked at` }
  for (const name of names) {
    signal.throwIfAborted()
    const inside = join(path, name)
    const kind = (await host.facts(inside))?.kind
    if (kind !== 'folder') yield await readFile(inside, acquiring)
    else if (depth >= limits.depth) yield { path: inside, why: `too-deep: the limit is ${limits.depth} folders` }
    else if ((await host.stat(inside))?.dev !== dev) yield { path: inside, why: 'another-volume' }
    else if (!isAllowed(inside, acquiring)) yield { path: inside, why: 'not allowed on this host' }
    else yield* walk(inside, { acquiring, depth: depth + 1, dev })
  }
}

function isAllowed(path: string, { policy }: Acquiring): boolean {
  return allowancesFor(path, { isFolder: false }).every((kind) => policy().allow?.includes(kind))
}
