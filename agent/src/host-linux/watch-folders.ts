import { type FSWatcher, watch } from 'node:fs'
import type { FolderWatch } from '../host.ts'

/** The kernel grants 8,192 to a small machine, and others need some. */
const mostFolders = 4_096

/**
 * One watch of inotify a folder, which costs nothing until something changes. Not `chokidar`, which would look at every
 * file in them and remember it: a folder of programs has thousands.
 */
export function newFolderWatch(signal: AbortSignal): FolderWatch {
  const watchers = new Map<string, FSWatcher>()
  const changed = new Set<string>()
  let wake = () => {}
  const close = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const tell = (folder: string) => {
    changed.add(folder)
    wake()
  }
  const end = () => {
    for (const folder of watchers.keys()) close(folder)
    wake()
  }
  signal.addEventListener('abort', end, { once: true })
  const open = (folder: string) => {
    try {
      const watcher = watch(folder, { persistent: false }, () => tell(folder))
      // A folder that was removed may be made again, under the same name: it is to be watched anew.
      watcher.on('error', () => {
        close(folder)
        tell(folder)
      })
      watchers.set(folder, watcher)
      return true
    } catch {
      // ENOSPC: fs.inotify.max_user_watches is reached. ENOENT: there is nothing to watch.
      return false
    }
  }
  return {
    add: (folder) => !signal.aborted && (watchers.has(folder) || (watchers.size < mostFolders && open(folder))),
    forget(folder) {
      for (const each of watchers.keys()) if (each === folder || each.startsWith(`${folder}/`)) close(each)
    },
    keep(folders) {
      for (const folder of watchers.keys()) if (!folders.has(folder)) close(folder)
    },
    async wait(ms) {
      if (changed.size === 0 && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, ms)
        wake = resolve
        await promise
        clearTimeout(timer)
      }
      const told = [...changed]
      changed.clear()
      return told
    },
  }
}
