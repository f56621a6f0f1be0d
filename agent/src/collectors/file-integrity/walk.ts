import type { FolderWatch } from '../../host.ts'
import { isLocal, readMounts } from '../mounts.ts'
import { type Comparison, compareFolder, dropName } from './compare.ts'
import type { Root } from './roots.ts'

const mostWaiting = 100_000

export interface Walk extends Comparison {
  watch: FolderWatch
  /** Folders that tell of changes from now on. */
  watched: Set<string>
  /** Folders that the system does not watch. */
  unwatched: Set<string>
}

/** Compares a place with all below it. False: it did not come to the end. */
async function walkRoot(walk: Walk, { path, folder, name }: Root): Promise<boolean> {
  const { host } = walk
  // Before it is looked at: a change in between would not be heard of.
  if ((await host.facts(folder))?.kind === 'folder') watchFolder(walk, folder)
  const { folders, fresh } = await compareFolder(walk, folder, name)
  for (const other of fresh) walk.watch.forget(other)
  return folders.length === 0 || walkBelow(walk, [path])
}

/** The same for folders that are known to be there. What lies on a volume of the network is not looked at. */
async function walkBelow(walk: Walk, paths: readonly string[]): Promise<boolean> {
  const foreign = new Set(readMounts(walk.host).flatMap((mount) => (isLocal(mount) ? [] : [mount.at])))
  const waiting = [...paths]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (foreign.has(path)) continue
    watchFolder(walk, path)
    const { folders, fresh } = await compareFolder(walk, path)
    for (const other of fresh) walk.watch.forget(other)
    if (!(await walk.pace()) || waiting.length > mostWaiting) return false
    waiting.push(...folders)
  }
  return true
}

/** Compares folders that told of a change, and what is new below them. */
export async function walkChanged(walk: Walk, folders: readonly string[], roots: readonly Root[]): Promise<void> {
  for (const folder of folders) {
    const isWithin = roots.some(({ path }) => folder === path || folder.startsWith(`${path}/`))
    if (isWithin) {
      const { fresh } = await compareFolder(walk, folder)
      for (const other of fresh) walk.watch.forget(other)
      await walkBelow(walk, fresh)
    }
    for (const root of roots) if (root.folder === folder && !isWithin) await walkFresh(walk, root)
  }
}

async function walkFresh(walk: Walk, { folder, name }: Root): Promise<void> {
  const { fresh } = await compareFolder(walk, folder, name)
  for (const other of fresh) walk.watch.forget(other)
  await walkBelow(walk, fresh)
}

function watchFolder({ watch, watched, unwatched }: Walk, folder: string): void {
  if (watch.add(folder)) {
    watched.add(folder)
    unwatched.delete(folder)
  } else unwatched.add(folder)
}

const mark = 'root:'

/** Walks all places. One that was never walked to its end is taken as it is: nothing in it has changed yet. */
export async function walkAll(
  walk: Omit<Walk, 'isFirst'>,
  roots: readonly Root[],
): Promise<{ isWhole: boolean; isOther: boolean }> {
  const { baseline } = walk
  let isWhole = true
  let isOther = forgetOthers({ ...walk, isFirst: true }, roots)
  for (const root of roots) {
    const isFirst = baseline.note(`${mark}${root.path}`) === undefined
    const isDone = await walkRoot({ ...walk, isFirst }, root)
    if (isDone && isFirst) baseline.setNote(`${mark}${root.path}`, 'walked')
    isOther ||= isDone && isFirst
    isWhole &&= isDone
    if (!(await walk.pace())) return { isWhole: false, isOther }
  }
  return { isWhole, isOther }
}

/** Forgets places that are looked at no more: that is no change. True when there was one. */
function forgetOthers(walk: Walk, roots: readonly Root[]): boolean {
  const { baseline } = walk
  const kept = new Set(roots.map(({ path }) => `${mark}${path}`))
  const others = baseline.notes(mark).filter((name) => !kept.has(name))
  for (const note of others) {
    const path = note.slice(mark.length)
    const at = path.lastIndexOf('/')
    dropName(walk, { folder: path.slice(0, at) || '/', name: path.slice(at + 1) })
    baseline.setNote(note, undefined)
  }
  return others.length > 0
}
