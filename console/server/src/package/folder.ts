import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../keys/folder.ts'
import type { CutState } from './cut-state.ts'
import { writeAll } from './stage.ts'

/** `<data>/packages`: for each finished package its file and the state it was built from. */
export interface PackageFolder {
  file(id: string): string
  /** Where a build writes before it is finished. */
  unfinished(id: string): { file: string; stage: string }
  /** Makes what was written the package's file, durably. */
  finish(id: string, state: CutState): Promise<void>
  /** Undefined when there is none. */
  stateOf(id: string): Promise<CutState | undefined>
  /** Removes everything of a build that is not to be kept. */
  drop(id: string): Promise<void>
  /** Removes what belongs to none of these packages: remains of builds that were cut off. */
  clean(kept: ReadonlySet<string>): Promise<void>
}

/** Names this folder may hold, so that nothing else in it is ever touched. */
const ours = /^([0-9a-f]{8}-[0-9a-f-]{27})\.(?:zip|json|unfinished|stage|state)$/

export async function openPackageFolder(data: string): Promise<PackageFolder> {
  const folder = join(data, 'packages')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const at = (id: string, kind: 'zip' | 'json' | 'unfinished' | 'stage' | 'state') => join(folder, `${id}.${kind}`)
  const remove = (name: string) => rm(name, { recursive: true, force: true, maxRetries: 3 })
  return {
    file: (id) => at(id, 'zip'),
    unfinished: (id) => ({ file: at(id, 'unfinished'), stage: at(id, 'stage') }),
    async finish(id, state) {
      await writeDurably(at(id, 'state'), JSON.stringify(state))
      await rename(at(id, 'state'), at(id, 'json'))
      await rename(at(id, 'unfinished'), at(id, 'zip'))
      syncFolder(folder)
      await remove(at(id, 'stage'))
    },
    async stateOf(id) {
      const text = await readFile(at(id, 'json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      // Written by `finish`, in a folder only the console's account can enter.
      return text === undefined ? undefined : (JSON.parse(text) as CutState)
    },
    async drop(id) {
      for (const kind of ['zip', 'json', 'unfinished', 'stage', 'state'] as const) await remove(at(id, kind))
    },
    async clean(kept) {
      for (const name of await readdir(folder)) {
        const [, id] = ours.exec(name) ?? []
        const isWhole = name.endsWith('.zip') || name.endsWith('.json')
        if (id !== undefined && !(kept.has(id) && isWhole)) await remove(join(folder, name))
      }
    },
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600)
  try {
    await writeAll(handle, Buffer.from(text))
    await handle.sync()
  } finally {
    await handle.close()
  }
}
